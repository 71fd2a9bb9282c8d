/** The bytes and headers of an answer, for a rival to give the same. */
export async function answerOf(url: string): Promise<string> {
  const answer = await fetch(url)
  const headers = Object.fromEntries(
    [...answer.headers].filter(([name]) => !['date', 'connection', 'keep-alive', 'content-length'].includes(name))
  )
  return JSON.stringify({ headers, body: await answer.text() })
}
