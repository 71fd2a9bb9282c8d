/** The stable code of an error, looking through its causes. */
export function errorCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at.name === 'TimeoutError') return 'TIMEOUT'
  }
  return error instanceof Error ? error.name : 'unknown error'
}
