import { accountOf, clientRequestsOf, defaultTopology } from '@bookstore/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, split5050 } from '../../test-support/policy-files.ts'
import { evaluateAccess } from '../access/evaluate.ts'
import { describePolicies } from '../describe/describe.ts'
import { splitIntoObjects } from '../objects.ts'
import { declaredSplit } from '../split/declared-split.ts'
import { parsePolicies } from './policies.ts'

const documents = 5000
const good = [
  permissiveOff,
  accessV1,
  split5050,
  ...['access-all.yaml', 'split-500m-500m.yaml', 'istio/access-all.yaml'].map(deployed),
  ...['istio/split-90-10.yaml', 'istio/mtls-strict.yaml', 'istio/deny-all.yaml'].map(deployed)
].flatMap(({ text }) => text.split(/^---$/m))

const junk = fc.oneof(
  fc.constantFrom('-1', '[]', '{}', 'null', '~', '""', '1e400', '.nan', '- ', ': ', '&a', '*a', '<<', '|', '>'),
  fc.constantFrom('!!binary x', '!!js/function x', '__proto__: 1', '\t', '\u0000', '---', '"', "'", '{', '[', '? '),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 })
)

/** A good document with a few pieces cut out, doubled or replaced. */
const broken = fc
  .tuple(
    fc.constantFrom(...good),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 12 }), junk), {
      minLength: 1,
      maxLength: 4
    })
  )
  .map(([text, edits]) =>
    edits.reduce((current, [where, length, piece]) => {
      const at = Math.floor(where * current.length)
      return current.slice(0, at) + piece + current.slice(at + length)
    }, text)
  )

test(`${documents} broken documents give an error each or a set that can be evaluated, and no crash`, {
  timeout: 900_000
}, () => {
  const topology = defaultTopology()
  let refused = 0
  fc.assert(
    fc.property(broken, text => {
      const { policies, errors } = parsePolicies([{ name: 'broken.yaml', text }])
      if (errors.length > 0) refused++
      for (const error of errors) expect(error).toMatchObject({ file: 'broken.yaml', message: /./ })
      splitIntoObjects({ name: 'broken.yaml', text })
      describePolicies({ policies, topology })
      declaredSplit({ policies, topology })
      for (const source of topology.workloads) {
        for (const request of clientRequestsOf(source)) {
          for (const destination of topology.workloads) {
            evaluateAccess(
              { policies, topology },
              {
                ...request,
                source: accountOf(source),
                destination
              }
            )
          }
        }
      }
    }),
    { numRuns: documents, seed: 20_231_123 }
  )
  // Without this, a parser that accepts everything would pass.
  expect(refused).toBeGreaterThan(documents / 4)
})
