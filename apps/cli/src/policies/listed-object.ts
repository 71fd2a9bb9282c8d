import { inNamespace, type NamedObject, readPolicyFolder } from '@bookstore/local-mesh'
import { splitIntoObjects } from '@bookstore/policy'
import { parse } from 'yaml'

/** An object of the policy folder. */
export interface ListedObject extends NamedObject {
  readonly kind: string
  readonly namespace: string
  readonly file: string
}

/** All objects of the folder that can be read, by kind, namespace and name. */
export function listObjects(folder: string): readonly ListedObject[] {
  const objects = readPolicyFolder(folder).flatMap(file =>
    splitIntoObjects(file).objects.map(object => {
      const named = inNamespace(object, undefined)
      const { kind, metadata } = parse(named.text) as { kind: string; metadata: { namespace: string } }
      return { ...named, kind, namespace: metadata.namespace, file: file.name }
    })
  )
  return objects.sort((a, b) => a.key.localeCompare(b.key, 'en'))
}
