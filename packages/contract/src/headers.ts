/** Headers of a request or an answer, with names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Header by which a service names itself; the only thing a buyer believes about versions. */
export const IDENTITY_HEADER = 'Identity'

/** What `IDENTITY_HEADER` says, made fit for showing; undefined when it says nothing. */
export function identityOf(headers: Headers): string | undefined {
  return boundedHeader(headers['identity'])
}

/** Header by which a store names itself to the warehouse, in lower case; only for the log. */
export const STORE_HEADER = 'bookstore-identity'

/** Header with a bookstore's sales so far. */
export const BOOKS_BOUGHT_HEADER = 'Booksbought'

/**
 * A header value from the wire made fit for pages, logs and labels: printable ASCII, at most `maxLength` characters;
 * undefined when absent or empty.
 */
export function boundedHeader(
  value: string | readonly string[] | undefined,
  { maxLength = 128 }: { readonly maxLength?: number } = {}
): string | undefined {
  const text = typeof value === 'string' ? value : value?.join(', ')
  const printable = text?.replace(/[^\x20-\x7e]/g, '?').trim()
  return printable ? printable.slice(0, maxLength) : undefined
}
