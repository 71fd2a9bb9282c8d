import { formatPolicyError, type PolicyFile, parsePolicies, splitIntoObjects } from '@bookstore/policy'
import { ApplyError } from './apply-error.ts'
import { inNamespace, type NamedObject } from './named-object.ts'
import { type Applied, putObject, requireFit } from './policy-folder.ts'

/** What became of one object: `trafficsplit.split.smi-spec.io/bookstore-split configured`. */
export interface AppliedObject {
  readonly object: NamedObject
  readonly result: Applied
}

/**
 * The objects of the files, each in its namespace, after everything was looked at that could be wrong: that they can be
 * read, that there is one, and that they fit to what the folder holds. Changes nothing.
 * @throws ApplyError with a line for each fault
 */
export function objectsToApply(
  folder: string,
  files: readonly PolicyFile[],
  namespace?: string
): readonly NamedObject[] {
  const { errors } = parsePolicies(files)
  if (errors.length > 0) throw new ApplyError('refused', errors.map(formatPolicyError).join('\n'))
  const place = (object: { readonly key: string; readonly text: string }) => inNamespace(object, namespace)
  const objects = files.flatMap(file => splitIntoObjects(file).objects).map(place)
  if (objects.length === 0) throw new ApplyError('refused', `${files[0]?.name}: expected a policy, got none`)
  requireFit(folder, files, place)
  return objects
}

/** Puts objects into the folder, one after the other. @throws ApplyError as `putObject` does */
export function applyObjects(folder: string, objects: readonly NamedObject[]): readonly AppliedObject[] {
  return objects.map(object => ({ object, result: putObject(folder, object) }))
}

/** An applied object in kubectl's words. */
export function appliedLine({ object, result }: AppliedObject): string {
  return `${object.resource}/${object.name} ${result}`
}
