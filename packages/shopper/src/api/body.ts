import { httpError } from '@bookstore/common'

/** The fields of a JSON object. @throws an error answered as 400 for anything else */
export function readJsonObject(body: unknown): Readonly<Record<string, unknown>> {
  const parsed = parseJson(typeof body === 'string' ? body : '')
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>
  }
  throw httpError(400, `expected a JSON object, got ${JSON.stringify(body)?.slice(0, 80) ?? 'no body'}`)
}

/** The fields of an HTML form. */
export function readForm(body: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(typeof body === 'string' ? body : ''))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw httpError(400, `expected a JSON object: ${(error as Error).message.slice(0, 120)}`)
  }
}
