/**
 * `Not Found` for 404; '' for a status without a name. Node's own table, without importing `node:http` as a module: that
 * reads all its exports, one of which loads Node's copy of undici, a tenth of what a start costs.
 */
export function statusText(status: number): string {
  return process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
}
