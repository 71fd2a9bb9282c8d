import { type Account, accountOf, sameAccount, type Workload } from '@bookstore/contract'
import { nameOf, type ObjectRef, type PolicySet, type RequestMatch, type TrafficTarget } from '../model.ts'
import type { Refusal } from './translation.ts'

/** What OSM lets one or more sources do at a workload. */
export interface Granted {
  readonly sources: readonly Account[]
  readonly ports: 'all' | readonly number[]
  /** Empty: any connection to the ports, without HTTP rules. */
  readonly routes: readonly { readonly group: ObjectRef; readonly match: RequestMatch }[]
}

/** The grants of all TrafficTargets for a workload; sources with the same targets share one. */
export function grantsFor(policies: PolicySet, workload: Workload): readonly Granted[] {
  const targets = targetsOf(policies, accountOf(workload))
  const bySources = new Map<string, Granted>()
  for (const source of sourcesOf(targets)) {
    const own = targets.filter(target => target.sources.some(account => sameAccount(account, source)))
    const key = own.map(({ ref }) => ref.name).join('\n')
    const granted = bySources.get(key) ?? {
      sources: [],
      ports: portsOf(policies, own),
      routes: routesOf(policies, own)
    }
    bySources.set(key, { ...granted, sources: [...granted.sources, source] })
  }
  // no port, or every port but no route: OSM lets nothing through
  return [...bySources.values()].filter(({ ports, routes }) => (ports === 'all' ? routes.length > 0 : ports.length > 0))
}

/** What TrafficTargets refer to and is not there: it opens nothing in OSM, and so it does after the translation. */
export function danglingRules({ trafficTargets, httpRouteGroups, tcpRoutes }: PolicySet): readonly Refusal[] {
  return trafficTargets.flatMap(target =>
    target.rules.flatMap(({ kind, name, matches }) => {
      const here = ({ ref }: { readonly ref: ObjectRef }) => ref.name === name && ref.namespace === target.ref.namespace
      const refuse = (reason: string, todo: string) => [{ object: nameOf(target.ref), reason, todo }]
      const what = `${kind} ${target.ref.namespace}/${name}`
      const found = kind === 'TCPRoute' ? tcpRoutes.find(here) : httpRouteGroups.find(here)
      if (found === undefined)
        return refuse(`${what} is not among the files; without it the rule opens nothing`, `add the ${kind}`)
      if (kind === 'TCPRoute') return []
      const names = httpRouteGroups.find(here)?.matches.map(match => match.name) ?? []
      if (matches.length === 0)
        return refuse(`the rule names no match of ${what}; OSM opens nothing then`, `name some of ${names.join(', ')}`)
      const missing = matches.filter(match => !names.includes(match))
      return missing.length === 0
        ? []
        : refuse(`${what} has no match ${missing.join(', ')}`, `name some of ${names.join(', ')}`)
    })
  )
}

function targetsOf({ trafficTargets }: PolicySet, account: Account): readonly TrafficTarget[] {
  return trafficTargets.filter(({ destination }) => sameAccount(destination, account))
}

function sourcesOf(targets: readonly TrafficTarget[]): readonly Account[] {
  const all = targets.flatMap(({ sources }) => sources)
  return all.filter((account, at) => all.findIndex(other => sameAccount(other, account)) === at)
}

function portsOf({ tcpRoutes }: PolicySet, targets: readonly TrafficTarget[]): Granted['ports'] {
  const opened = targets.map(target => {
    const rules = target.rules.filter(({ kind }) => kind === 'TCPRoute')
    if (rules.length === 0) return 'all'
    const routes = rules.map(({ name }) =>
      tcpRoutes.find(({ ref }) => ref.name === name && ref.namespace === target.ref.namespace)
    )
    return routes.includes(undefined) ? [] : routes.flatMap(route => route?.ports ?? [])
  })
  if (opened.includes('all')) return 'all'
  return [...new Set(opened.flatMap(ports => (ports === 'all' ? [] : ports)))]
}

function routesOf({ httpRouteGroups }: PolicySet, targets: readonly TrafficTarget[]): Granted['routes'] {
  return targets.flatMap(target =>
    target.rules
      .filter(({ kind }) => kind === 'HTTPRouteGroup')
      .flatMap(rule => {
        const group = httpRouteGroups.find(
          ({ ref }) => ref.name === rule.name && ref.namespace === target.ref.namespace
        )
        if (group === undefined) return []
        const named = group.matches.filter(({ name }) => rule.matches.includes(name))
        return named.map(match => ({ group: group.ref, match }))
      })
  )
}
