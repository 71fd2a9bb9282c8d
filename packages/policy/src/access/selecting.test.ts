import type { Workload } from '@bookstore/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRootNamespace, type Selecting, selectedBy } from './selecting.ts'

const labels = fc.dictionary(fc.constantFrom('app', 'version', 'tier'), fc.constantFrom('a', 'b'), { maxKeys: 3 })
const namespace = fc.constantFrom('shop', 'other', 'istio-system', 'aks-istio-system')

const policy: fc.Arbitrary<Selecting> = fc.record({
  ref: namespace.map(where => ({ apiVersion: 'v1', kind: 'Some', namespace: where, name: 'n', file: '' })),
  selector: fc.option(labels)
})

test('what selects a workload is found as by looking at every policy, in the order of the list', () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 12 }), namespace, labels, (policies, where, own) => {
      const workload: Workload = { name: 'w', namespace: where, serviceAccount: 'w', labels: own, addresses: [] }
      const expected = policies.filter(
        ({ ref, selector }) =>
          (ref.namespace === where || isRootNamespace(ref.namespace)) &&
          Object.entries(selector ?? {}).every(([name, value]) => own[name] === value)
      )
      expect(selectedBy<Selecting>()(policies, workload)).toEqual(expected)
    })
  )
})
