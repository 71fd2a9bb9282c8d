import type { Topology } from '@bookstore/contract'
import type { Mesh } from '../src/mesh.ts'
import { parsePolicyObjects } from '../src/parse/policies.ts'
import type { TranslatedObject } from '../src/translate/translation.ts'

/** What the translation means, read as a cluster would read it. */
export function meaning({ objects }: { readonly objects: readonly TranslatedObject[] }, topology: Topology): Mesh {
  const { policies, errors } = parsePolicyObjects(objects)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return { policies, topology }
}
