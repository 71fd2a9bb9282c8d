import type { Bench, Proof } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

const PROOF = /^the store saw the certificate of (.+)$/

/** From inside the mesh a sidecar adds its certificate to all that we send, so nobody sees whether plaintext is refused. */
export async function proveMutualTls({ kind, buyer }: Bench): Promise<Proof> {
  if (kind === 'local-mesh') throw new CannotSee('the local mesh has no TLS', 'prove it on a cluster')
  const { mesh } = await buyer.snapshot()
  const [, identity] = PROOF.exec(mesh?.identityProof ?? '') ?? []
  const proof =
    identity === undefined
      ? 'the mesh tells nobody whom it proved the buyer to be'
      : `the buyer is proven to be ${identity}`
  throw new CannotSee(
    `${proof}; whether plaintext is refused is seen by a client without a sidecar`,
    'bookstore prove --outside-mesh --store URL from a pod without a sidecar, as helm test does with tests.prove=true'
  )
}
