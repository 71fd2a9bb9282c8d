import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { send } from './send.ts'
import type { AppName, Shop } from './shop.ts'

type Page = readonly [app: AppName, path: string, method: string, body: string]

/** What browsers are told and refused. */
export function testPages(shop: () => Shop): void {
  describe('every HTML page', () => {
    const pages: readonly Page[] = [
      ['bookbuyer', '/', 'GET', ''],
      ['bookbuyer', '/reset', 'GET', ''],
      ['bookbuyer', '/burst', 'POST', 'purchases=x'],
      ['bookthief', '/', 'GET', ''],
      ['bookstore', '/', 'GET', ''],
      ['bookstore', '/books-bought', 'GET', ''],
      ['bookstore', '/books-bought', 'POST', '3'],
      ['bookstore', '/buy-a-book/new', 'GET', ''],
      ['bookstore', '/reset', 'GET', ''],
      ['bookwarehouse', '/', 'GET', '']
    ]

    test.each(pages)('%s %s says what may run, forbids frames and sniffing', async (app, path, method, body) => {
      const { headers, text } = await send(shop()[app].url + path, { method, body })
      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe|\*|https?:/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      // nothing that the policy forbids, or the page would be broken
      expect(text).not.toMatch(/ on[a-z]+="| style="/)
      for (const [, script = ''] of text.matchAll(/<script>([\s\S]*?)<\/script>/g)) {
        expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
      }
      expect(text.match(/<script(?! src)(?!>)/)).toBeNull()
    })

    test.each(['bookbuyer', 'bookthief', 'bookstore', 'bookwarehouse'] as const)(
      '%s forbids sniffing of JSON, also of errors',
      async app => {
        for (const path of ['/raw', '/liveness', '/nowhere']) {
          const { headers } = await send(shop()[app].url + path, {})
          expect(headers['x-content-type-options']).toBe('nosniff')
          expect(headers['content-type']).toMatch(/^application\/json/)
        }
      }
    )
  })

  describe('a request that changes something', () => {
    const changes: readonly (readonly [AppName, string, string, string])[] = [
      ['bookbuyer', 'POST', '/api/burst', '{"purchases":1,"concurrency":1}'],
      ['bookbuyer', 'POST', '/burst', 'purchases=1&concurrency=1'],
      ['bookbuyer', 'PUT', '/api/declared', '{"split":null}'],
      ['bookbuyer', 'POST', '/declare', 'split='],
      ['bookthief', 'POST', '/api/burst', '{"purchases":1,"concurrency":1}'],
      ['bookstore', 'POST', '/books-bought', '5'],
      ['bookwarehouse', 'POST', '/restock-books', '1'],
      ['bookwarehouse', 'POST', '/', '1']
    ]

    test.each(changes)(
      '%s %s %s is not taken from another site, by DNS rebinding, or from a sandbox',
      async (app, method, path, body) => {
        const { url, port } = shop()[app]
        const attacks = [
          { Origin: 'https://evil.example' },
          { Origin: 'null' },
          { 'Sec-Fetch-Site': 'cross-site' },
          { 'Sec-Fetch-Site': 'same-site', Origin: `http://127.0.0.1:${port + 1}` },
          { Host: 'evil.example', Origin: 'http://evil.example' },
          { Host: `rebound.example:${port}`, 'Sec-Fetch-Site': 'same-origin' }
        ]
        for (const headers of attacks) {
          const { status } = await send(url + path, { method, headers, body })
          expect({ headers, status }).toEqual({ headers, status: 403 })
        }
      }
    )

    test.each(changes)('%s %s %s is taken from its own page and from programs', async (app, method, path, body) => {
      const { url } = shop()[app]
      const origin = { Origin: url, 'Sec-Fetch-Site': 'same-origin' }
      for (const headers of [origin, {}]) {
        const { status } = await send(url + path, { method, headers, body })
        // a burst that still runs is a reason, too, but not one of origin
        expect(status).toSatisfy((code: number) => code < 400 || code === 409)
      }
    })
  })
}
