/** What the page may load and do: its own script, style and events, forms to itself, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  // the icon in the tab is a data URL, which spares a request
  'img-src data:',
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'"
].join('; ')

/** Headers of the page. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
  // with no-referrer, browsers send `Origin: null` with a form, which the same-origin check must refuse
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff'
} as const
