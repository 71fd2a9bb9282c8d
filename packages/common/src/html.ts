/** Markup that needs no more escaping. */
export class SafeHtml {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

type Part = SafeHtml | string | number | null | undefined | false | readonly Part[]

/**
 * Template tag that escapes every value put into it, except SafeHtml; null, undefined and false give nothing, arrays
 * are joined.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): SafeHtml {
  let markup = strings[0] ?? ''
  for (const [at, value] of values.entries()) markup += render(value) + (strings[at + 1] ?? '')
  return new SafeHtml(markup)
}

/** Text with the five characters that mean something in HTML replaced. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function render(value: Part): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'number') return String(value)
  if (value instanceof SafeHtml) return value.markup
  if (Array.isArray(value)) return value.map(render).join('')
  return escapeHtml(String(value))
}
