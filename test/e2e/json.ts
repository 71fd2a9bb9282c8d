/** The body of a JSON answer. */
export async function json<T = Record<string, never>>(url: string): Promise<T> {
  const answer = await fetch(url)
  return (await answer.json()) as T
}
