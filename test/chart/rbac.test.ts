import { POLICY_KINDS } from '@bookstore/policy'
import { describe, expect, test } from 'vitest'
import { hasHelm, type KubeObject, render } from './helm.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const meshConfig = 'config.openservicemesh.io/meshconfigs'

/**
 * What the rules of the namespace let the buyer list and watch, as `group/plural`, apart from pairs that no API has.
 */
function readable(objects: readonly KubeObject[], namespace: string): readonly string[] {
  const rules = objects
    .filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === namespace)
    .flatMap(({ rules }): readonly Rule[] => rules)
    .filter(({ verbs }) => ['get', 'list', 'watch'].every(verb => verbs.includes(verb)))
  const granted = rules.flatMap(({ apiGroups, resources }) => resources.map(resource => ({ apiGroups, resource })))
  return granted.map(({ apiGroups, resource }) => {
    const kind = POLICY_KINDS.find(({ plural }) => plural === resource)
    return kind !== undefined && apiGroups.includes(kind.group)
      ? `${kind.group}/${resource}`
      : `${apiGroups.join('|')}/${resource}: no kind that is followed`
  })
}

const followed = POLICY_KINDS.map(({ group, plural }) => `${group}/${plural}`)

describe.skipIf(!(await hasHelm()))('the rights of the buyer', () => {
  test.each(['osm', 'istio', 'linkerd'])('on %s are just the kinds that it follows', async mesh => {
    const objects = await render('--set', `mesh=${mesh}`)
    const namespaced = followed.filter(name => name !== meshConfig)
    expect([...readable(objects, 'bookstore')].sort()).toEqual([...namespaced].sort())
  })

  test('on OSM include its MeshConfig, where it lives', async () => {
    const objects = await render('--set', 'mesh=osm,osm.meshConfigNamespace=kube-system')
    expect(readable(objects, 'kube-system')).toEqual([meshConfig])
  })
})
