import { readFileSync } from 'node:fs'
import { type PolicyFile, type PolicySet, parsePolicies } from '@bookstore/policy'

/** The words in which a mesh takes its policies: those of SMI and OSM, or Istio's. */
export type PolicyFamily = 'smi' | 'istio'

/** A step of the course: a file of `deploy/policies`. */
export interface Step {
  /** Its file, without folder and ending. */
  readonly id: string
  readonly title: string
  /** From the root of the repository. */
  readonly path: string
  readonly file: PolicyFile
  readonly policies: PolicySet
}

const TITLES: Readonly<Record<PolicyFamily, Readonly<Record<string, string>>>> = {
  smi: {
    'permissive-on': 'Everybody may',
    'permissive-off': 'Close the door',
    'access-buyer': 'Let the buyer in',
    'split-50-50': 'Split 50/50',
    'split-90-10': 'Split 90/10',
    'split-0-100': 'Split 0/100',
    'access-all': 'Let the thief in'
  },
  istio: {
    'deny-all': 'Close the door',
    'access-buyer': 'Let the buyer in',
    'split-50-50': 'Split 50/50',
    'split-90-10': 'Split 90/10',
    'split-0-100': 'Split 0/100',
    'access-all': 'Let the thief in'
  }
}

const known = new Map<PolicyFamily, readonly Step[]>()

/** The steps in the order of the course, read once. Throws when one of its files is missing or broken. */
export function stepsOf(family: PolicyFamily): readonly Step[] {
  const steps = known.get(family) ?? loadSteps(family)
  known.set(family, steps)
  return steps
}

function loadSteps(family: PolicyFamily): readonly Step[] {
  const folder = new URL('../../../../deploy/policies/', import.meta.url)
  const inside = family === 'istio' ? 'istio/' : ''
  return Object.entries(TITLES[family]).map(([id, title]) => {
    const path = `deploy/policies/${inside}${id}.yaml`
    const file = { name: path, text: readFileSync(new URL(`${inside}${id}.yaml`, folder), 'utf8') }
    const { policies, errors } = parsePolicies([file])
    const [error] = errors
    if (error) throw new Error(`${path}: expected policies that can be read, got: ${error.message}`)
    return { id, title, path, file, policies }
  })
}

/** Istio's where its objects are in force and none of SMI, or where it is said to be the mesh. */
export function familyOf(policies: PolicySet, mesh: string): PolicyFamily {
  const kinds = [...policies.splits, ...policies.trafficTargets, ...policies.authorizationPolicies].map(
    ({ ref }) => ref.kind
  )
  const isSmi = policies.meshConfig !== null || kinds.some(kind => kind === 'TrafficSplit' || kind === 'TrafficTarget')
  return mesh === 'istio' || (kinds.length > 0 && !isSmi) ? 'istio' : 'smi'
}
