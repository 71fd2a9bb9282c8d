/** Which object said something, and where it was read: for messages that a person can follow. */
export interface ObjectRef {
  readonly apiVersion: string
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** The file (or the name of another source, such as a cluster) it was read from. */
  readonly file: string
  /** Line of the document's first key, from 1; absent for objects that never were text. */
  readonly line?: number
  /** Fields that were accepted and not judged, such as `spec.http[0].corsPolicy`. */
  readonly unjudged?: readonly string[]
}
