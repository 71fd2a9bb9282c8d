import { judgeEgress } from '@bookstore/verdict'
import type { Bench, Proof } from '../bench.ts'

/** The buyer reaches outside once at each of its addresses. */
export async function proveEgress({ declared, buyer }: Bench): Promise<Proof> {
  const requests = await buyer.leave()
  return judgeEgress(
    requests.flatMap(request => {
      const rule = declared.egress.find(({ url }) => url === request.url)
      return rule === undefined ? [] : [{ ...request, isAllowed: rule.allowed }]
    })
  )
}
