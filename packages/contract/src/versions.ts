const LONGEST_VERSION = 64

/** `v1`, `V1` and `bookstore-v1` mean the same: gives `bookstore-v1`; any other name stays as it is. */
export function normalizeVersion(name: string): string {
  return /^v\d+$/i.test(name) ? `bookstore-${name.toLowerCase()}` : name
}

/**
 * The version in an `Identity` header: its beginning up to the end of `bookstore-v<digits>`, so
 * that `bookstore-v10-abc` is version 10 and never 1. Undefined when it names no version.
 */
export function versionOfIdentity(identity: string): string | undefined {
  const version = /^bookstore-v\d+/.exec(identity)?.[0]
  return version !== undefined && version.length <= LONGEST_VERSION ? version : undefined
}

/** Whether this can be the name of a version: letters, digits, dots, dashes and underscores, at most 253. */
export function isVersionName(name: string): boolean {
  return /^[\w.-]{1,253}$/.test(name)
}
