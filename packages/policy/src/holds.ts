import type { PolicySet } from './model.ts'

/**
 * Whether everything that `wanted` declares is in force word for word, as far as it is understood here; where it was
 * read, and by which version of its API, does not matter. Of a MeshConfig the mode counts: in a cluster it lives in
 * another namespace and holds more.
 */
export function holds(inForce: PolicySet, wanted: PolicySet): boolean {
  const { meshConfig: mode, ...parts } = wanted
  if (mode !== null && inForce.meshConfig?.permissive !== mode.permissive) return false
  return (Object.keys(parts) as (keyof typeof parts)[]).every(part => {
    const present = new Set(inForce[part].map(words))
    return parts[part].every(object => present.has(words(object)))
  })
}

// patterns are compared as they are written, because their functions are left out
function words(object: object): string {
  return JSON.stringify(object, (key, value) => {
    if (typeof value === 'bigint') return String(value)
    if (key !== 'ref') return value
    const { kind, namespace, name } = value
    return { kind, namespace, name }
  })
}
