import { objectKey, type PolicyObject } from '@bookstore/policy'
import { parse, stringify } from 'yaml'
import { ApplyError } from './apply-error.ts'

/** An object with the name that kubectl prints for it. */
export interface NamedObject extends PolicyObject {
  /** `trafficsplit.split.smi-spec.io`, and `bookstore-split`. */
  readonly resource: string
  readonly name: string
}

interface Manifest {
  readonly apiVersion?: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/**
 * The object in its namespace: its own, else the given one, as kubectl does it.
 * @throws ApplyError when a namespace was asked for and the object names another, or it is no Kubernetes name
 */
export function inNamespace({ text }: PolicyObject, namespace: string | undefined): NamedObject {
  const manifest = parse(text) as Manifest
  const { metadata } = manifest
  if (namespace && metadata.namespace && metadata.namespace !== namespace) {
    throw new ApplyError(
      'refused',
      `${manifest.kind} ${metadata.name}: expected namespace ${namespace} (--namespace), got ${metadata.namespace}`
    )
  }
  const placed = {
    ...manifest,
    metadata: { ...metadata, namespace: metadata.namespace ?? namespace ?? 'default' }
  }
  const key = objectKey(placed)
  if (key === null) throw new ApplyError('bad-name', `--namespace: expected a Kubernetes name, got "${namespace}"`)
  return {
    key,
    text: stringify(placed, { aliasDuplicateObjects: false }),
    resource: resourceOf(manifest),
    name: metadata.name
  }
}

function resourceOf({ apiVersion = '', kind }: Manifest): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return kind.toLowerCase() + group
}
