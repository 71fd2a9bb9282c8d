import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { meaning } from '../../test-support/translated.ts'
import { evaluateAccess } from '../access/evaluate.ts'
import { isPolicyKind } from '../kinds.ts'
import { parsePolicyObjects } from '../parse/policies.ts'
import { disagreements, splitDisagreements } from './compare.ts'
import { comparePromises } from './compare-promises.ts'
import { requestsAround } from './samples.ts'
import { asEnforced, translatePolicies } from './translate.ts'
import { runningOf } from './workloads.ts'

const folder = new URL('../../test-support/smi-sets/', import.meta.url)
const files = readdirSync(folder)

test('there are sets of other applications', () => expect(files.length).toBeGreaterThanOrEqual(10))

test.each(files)('%s decides alike after the translation, and nothing of it is refused', file => {
  const documents = parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')).map(
    document => document.toJS() as Kind
  )
  const { policies, errors } = parsePolicyObjects(documents.filter(({ kind }) => isPolicyKind(kind)))
  expect(errors).toEqual([])
  const { topology, ports } = runningOf(documents)
  const before = { policies: asEnforced(policies), topology }
  for (const to of ['istio', 'gateway'] as const) {
    const portOf = ({ namespace, name }: { namespace: string; name: string }) => ports.get(`${namespace}/${name}`)
    const translation = translatePolicies(before, { to, known: [], portOf, trustDomain: 'cluster.local' })
    const isSaid = to === 'istio' || policies.osmRetries.length === 0
    expect(translation.refusals.map(({ reason }) => reason.includes('an HTTPRoute retries')).includes(true)).toBe(
      !isSaid
    )
    expect(translation.refusals.length).toBe(isSaid ? 0 : policies.osmRetries.length)
    const after = meaning(translation, topology)
    const requests = requestsAround(before, [])
    expect(disagreements(before, after, requests)).toEqual([])
    expect(splitDisagreements(before, after)).toEqual([])
    if (isSaid) expect(comparePromises(before, after).disagreements).toEqual([])
    const isSplitOnly = policies.trafficTargets.length === 0
    expect(isSplitOnly || requests.some(request => evaluateAccess(after, request).allowed)).toBe(true)
  }
})

interface Kind {
  readonly kind: string
}
