import { judgeMutualTls } from '@bookstore/verdict'
import type { Bench, Proof } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'
import { askInPlaintext, certificateOf } from '../outsider.ts'

const PROOF = /^the store saw the certificate of (.+)$/

/** A client without a certificate must be refused; the certificate of a store tells who vouches for it. */
export async function proveMutualTls({ kind, buyer, places, isOutside, signal }: Bench): Promise<Proof> {
  if (kind === 'local-mesh') throw new CannotSee('the local mesh has no TLS', 'prove it on a cluster')
  const { mesh, counts } = await buyer.snapshot()
  const [, identity = null] = PROOF.exec(mesh?.identityProof ?? '') ?? []
  if (!isOutside && identity === null) {
    throw new CannotSee(
      'the mesh tells nobody whom it proved the buyer to be, and a sidecar adds the certificate to all that we send',
      'run it once from a pod without a sidecar, with --outside-mesh'
    )
  }
  const [place] = places
  const asksOutside = isOutside && place !== undefined
  const plaintext = asksOutside ? await askInPlaintext(place.url, signal) : null
  const certificate = asksOutside ? await certificateOf(place.url, signal) : null
  const isSelling = (await buyer.snapshot()).counts.bought > counts.bought
  return judgeMutualTls({ plaintext, isSelling, identity, certificate })
}
