/** The text when it fits into the width, else its beginning with an ellipsis. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}
