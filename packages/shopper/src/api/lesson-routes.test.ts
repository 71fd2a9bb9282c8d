import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createReadiness, createRegistry, createSameOriginCheck, createServer, silentLogs } from '@bookstore/common'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, expect, test } from 'vitest'
import { readShopperConfig } from '../config.ts'
import { openLesson } from '../lesson/open-lesson.ts'
import { openPolicies } from '../policies.ts'
import type { ShopperControls } from './controls.ts'
import { addLesson } from './lesson-routes.ts'
import { addViews } from './views.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The lesson of a buyer with a local mesh over a folder of its own; without one where `env` says so. */
async function open(env: Readonly<Record<string, string>> = {}, start: Readonly<Record<string, string>> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'bookstore-lesson-'))
  ends.push(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(start)) writeFileSync(join(dir, name), text)
  const config = readShopperConfig('bookbuyer', { POLICY_DIR: dir, ...env }, [])
  const registry = createRegistry({ app: 'bookbuyer', identity: 'test' })
  const policies = await openPolicies(config, { logger: silentLogs().logger, registry })
  ends.push(() => policies.close())
  const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
  ends.push(() => app.close())
  addLesson(app, { lesson: openLesson(config, policies), sameOrigin: createSameOriginCheck([]) })
  addViews(app, {} as ShopperControls)
  const read = async () => (await app.inject('/api/lesson')).json()
  const post = async (body: unknown, headers = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/api/lesson', headers, payload: JSON.stringify(body) })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { dir, app, policies, read, post }
}

const inForce = (lesson: { steps: { id: string; isInForce: boolean }[] }) =>
  lesson.steps.filter(step => step.isInForce).map(({ id }) => id)

test('a step puts its file into the folder as bookstore apply does, is in force at once, and tells the difference', async () => {
  const { dir, policies, read, post } = await open()
  expect(await read()).toMatchObject({ hand: 'here', difference: null })
  const { status, body } = await post({ step: 'split-90-10' })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    applied: true,
    command: 'npx bookstore apply -f deploy/policies/split-90-10.yaml',
    results: ['trafficsplit.split.smi-spec.io/bookstore-split created'],
    difference: {
      added: ['bookstore goes to bookstore-v1 90 %, bookstore-v2 10 % (TrafficSplit bookstore/bookstore-split).']
    }
  })
  expect(readdirSync(dir)).toEqual(['trafficsplit.bookstore.bookstore-split.yaml'])
  expect(policies.view().declared?.split).toEqual({ 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 })
  expect(inForce(await read())).toEqual(['split-90-10'])
})

test('weights become whole per cent of a TrafficSplit that replaces the course’s', async () => {
  const { dir, policies, post } = await open()
  await post({ step: 'split-50-50' })
  const { body } = await post({ weights: 'v1=2,v2=1' })
  expect(body.results).toEqual(['trafficsplit.split.smi-spec.io/bookstore-split configured'])
  expect(body.difference.removed).toHaveLength(1)
  expect(policies.view().declared?.split).toEqual({ 'bookstore-v1': 0.67, 'bookstore-v2': 0.33 })
  expect(readFileSync(join(dir, 'trafficsplit.bookstore.bookstore-split.yaml'), 'utf8')).toContain('weight: 67')
})

test('with Istio’s policies in force the steps and the weights are Istio’s', async () => {
  const istio = readFileSync(new URL('../../../../deploy/policies/istio/split-50-50.yaml', import.meta.url), 'utf8')
  const { policies, read, post } = await open(
    {},
    { 'split.yaml': istio.split('---')[0] ?? '', 'rule.yaml': istio.split('---')[1] ?? '' }
  )
  expect(inForce(await read())).toEqual(['split-50-50'])
  const { body } = await post({ weights: 'v1=80,v2=20' })
  expect(body.results).toEqual([
    'virtualservice.networking.istio.io/bookstore-virtualservice configured',
    'destinationrule.networking.istio.io/bookstore-destination configured'
  ])
  expect(policies.view().declared?.split).toEqual({ 'bookstore-v1': 0.8, 'bookstore-v2': 0.2 })
})

test.each([
  [{ step: 'permissive' }, 400, 'step: expected one of permissive-on, permissive-off'],
  [{ step: 7 }, 400, 'step: expected one of permissive-on'],
  [{}, 400, 'split: expected text such as'],
  [{ weights: 'v1=lots' }, 400, 'split: Weight of bookstore-v1: expected a weight such as'],
  [{ weights: 'v1=999,v2=1' }, 400, 'weights: expected 0 or at least 1 % for bookstore-v2']
])('%j is refused', async (asked, status, message) => {
  const answer = await (await open()).post(asked)
  expect(answer.status).toBe(status)
  expect(answer.body.message).toContain(message)
})

test('a page of another site is refused, and changes nothing', async () => {
  const { dir, post } = await open()
  const answer = await post({ step: 'split-90-10' }, { origin: 'https://evil.example', host: 'localhost:14001' })
  expect([answer.status, answer.body.code]).toEqual([403, 'CROSS_ORIGIN'])
  expect(readdirSync(dir)).toEqual([])
})

test('an object that shares its file with others is not touched', async () => {
  const twice = readFileSync(new URL('../../../../deploy/policies/retries.yaml', import.meta.url), 'utf8')
  const { post } = await open({}, { 'both.yaml': twice })
  const { status, body } = await post({ step: 'permissive-off' })
  expect([status, body.code]).toEqual([409, 'POLICIES_REFUSED'])
  expect(body.message).toContain('together with other objects')
})

test('where the lesson is closed the command is told, and nothing is applied', async () => {
  const { dir, post } = await open({ LESSON: 'off' })
  const { body } = await post({ weights: 'v1=80,v2=20' })
  expect(body).toMatchObject({ applied: false, results: [] })
  expect(body.command).toMatch(/^npx bookstore apply -f - <<'END'\n[\s\S]*weight: 80[\s\S]*\nEND$/)
  expect(readdirSync(dir)).toEqual([])
})

test('a folder that became something else is told, and is no fault of the asker', async () => {
  const { dir, post } = await open()
  rmSync(dir, { recursive: true })
  writeFileSync(dir, 'a file')
  const { status, body } = await post({ step: 'split-90-10' })
  expect([status, body.code]).toEqual([503, 'POLICIES_NOT_WRITABLE'])
})

test('there is no lesson where no policies can be seen, nor for a service of your own', async () => {
  for (const env of [{ POLICY_DIR: '' }, { BOOKSTORE_SVC: 'mine' }]) {
    const { app } = await open(env)
    const answer = await app.inject('/api/lesson')
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'NO_LESSON'])
  }
})

test('its answers are as GET /api/schema says', async () => {
  const { app, read, post } = await open()
  const schemas = (await app.inject('/api/schema')).json()
  const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))
  const { body } = await post({ step: 'permissive-off' })
  for (const [name, value] of [
    ['lesson', await read()],
    ['lessonAnswer', body]
  ] as const) {
    const isValid = ajv.compile(schemas[name])
    expect(isValid(value) || isValid.errors).toBe(true)
  }
})
