import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Which rules axe looks by: all of them, all but that of contrast (which takes most of the time), or only that one. */
export type AxeRules = 'all' | 'all but contrast' | 'contrast'

const OPTIONS: Readonly<Record<AxeRules, object>> = {
  all: {},
  'all but contrast': { rules: { 'color-contrast': { enabled: false } } },
  contrast: { runOnly: ['color-contrast'] }
}

/** What axe finds wrong with a page. */
export async function axeViolations(page: Page, rules: AxeRules = 'all'): Promise<readonly string[]> {
  if (await page.evaluate('window.axe === undefined')) await page.evaluate(axe)
  // what is in order is not described, because that costs more than looking for it
  const options = { resultTypes: ['violations'], ...OPTIONS[rules] }
  const run = `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`
  const violations = (await page.evaluate(run)) as AxeResult['violations']
  return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`))
}
