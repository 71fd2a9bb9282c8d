import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from '../../packages/testing/src/index.ts'

/** A browser for the tests of one file; closed, and its profile removed, at the end of its scope. */
export interface TestBrowser extends AsyncDisposable {
  /** Opens pages of their own cookies and settings. */
  open(options?: BrowserContextOptions): Promise<BrowserContext>
}

// quiet: a browser in a test has nobody to call
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

/** Starts the Chromium of this machine without a window, with an empty profile. */
export async function startBrowser(): Promise<TestBrowser> {
  const home = await mkdtemp(join(tmpdir(), 'bookstore-browser-'))
  const browser = await chromium.launch({
    executablePath: chromiumPath() ?? 'chromium',
    args: ARGUMENTS,
    env: { ...(process.env as Record<string, string>), HOME: home, XDG_CONFIG_HOME: home }
  })
  return {
    // moving dots cost a processor that other tests need; tests of motion ask for it
    open: options => browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', ...options }),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** What a page complains about from now on: errors of scripts and of the content security policy, dialogs. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('dialog', dialog => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return complaints
}
