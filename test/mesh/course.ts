import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { seconds } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'
import { kubectl, tryRun } from './command.ts'
import type { MeshUnderTest } from './meshes.ts'
import type { Page } from './page.ts'
import type { Release } from './release.ts'
import type { Report } from './report.ts'
import { podsWithoutSidecar, untilAccess, untilDeclared, untilSteady, verify } from './shop.ts'

export interface CourseOptions {
  readonly mesh: MeshUnderTest
  readonly release: Release
  readonly report: Report
  readonly buyer: Page
  readonly thief: Page
  readonly warehouse: Page
}

/** The course, step by step, with what must be seen at each. */
export async function course(options: CourseOptions): Promise<void> {
  await refuseTypos(options)
  await firstInstall(options)
  await closeAndOpen(options)
  await splits(options)
  await upgradeUnderLoad(options)
  await helmTest(options)
}

async function refuseTypos({ release, report }: CourseOptions): Promise<void> {
  for (const [key, value, named] of [
    ['split.v1', '-1', /split\/v1/],
    ['mesh', 'osmm', /'osmm'/],
    ['mehs', 'osm', /'mehs'/]
  ] as const) {
    await report.step(`helm install refuses ${key}=${value}`, async () => {
      await assert.rejects(release.upgrade({ [key]: value }), named)
      return undefined
    })
  }
}

async function firstInstall({ mesh, release, report, buyer, thief }: CourseOptions): Promise<void> {
  await report.step('install, permissive', async () => {
    await mesh.setPermissive(true)
    await release.upgrade({ access: 'permissive' })
    assert.deepEqual(await podsWithoutSidecar(), [], 'expected a sidecar in every pod')
    return 'every pod has its sidecar'
  })
  await report.step('the port-forward of the notes works when pasted', async () => {
    const [command] = /^ *kubectl .*port-forward.* 8081:14001$/m.exec(await release.notes()) ?? []
    assert.ok(command, 'expected a port-forward command in the notes')
    const [program = '', ...args] = command.trim().split(/\s+/)
    const forward = spawn(program, args, { stdio: 'ignore' })
    try {
      await waitFor(async () => (await fetch('http://localhost:8081/raw')).ok)
    } finally {
      forward.kill()
    }
    return command.trim()
  })
  await report.step('the buyer buys', () => untilAccess(buyer, 'bought'))
  await report.step('the thief steals', () => untilAccess(thief, 'bought'))
  await report.step('the page says what it sees', async () => {
    const startedAt = performance.now()
    // the first look at the API may have come before the sidecar let it out
    const { declared, mesh: seen } = await waitFor(
      async () => {
        const snapshot = await buyer.snapshot()
        const isTold = snapshot.declared.source?.kind === 'cluster' && snapshot.policies.problems.length === 0
        if (!isTold) throw new Error(`${snapshot.declared.source?.detail}; ${snapshot.policies.problems.join('; ')}`)
        return snapshot
      },
      { intervalMs: 500, what: 'the policies of the cluster' }
    )
    return `${seconds(performance.now() - startedAt)} later weights from ${declared.source?.detail}; ${seen?.mesh}: ${seen?.evidence}; identity: ${seen?.identityProof}`
  })
}

async function closeAndOpen({ mesh, release, report, buyer, thief }: CourseOptions): Promise<void> {
  await report.step('permissive off, nobody allowed: the buyer is denied', async () => {
    await mesh.setPermissive(false)
    if (mesh.name === 'istio') await release.upgrade({ access: 'deny' })
    const seen = await untilAccess(buyer, 'denied')
    const { policies } = await buyer.snapshot()
    return `${seen}; the page says: ${policies.denial}`
  })
  await report.step('access for the buyer: it buys', async () => {
    await release.upgrade({ access: 'allow-buyer' })
    return untilAccess(buyer, 'bought')
  })
  await report.step('the thief is still denied', () => untilAccess(thief, 'denied'))
  await report.step('verify agrees', async () => {
    const stolen = await verify(thief, ['--expect-access', 'denied', '--burst', '200'])
    assert.equal(stolen.code, 0, stolen.line)
    const otherwise = await verify(thief, ['--expect-access', 'allowed', '--burst', '200'])
    assert.equal(otherwise.code, 1, otherwise.line)
    return stolen.line
  })
}

async function splits({ mesh, release, report, buyer }: CourseOptions): Promise<void> {
  const cases = [
    [50, 50, 'v1=90,v2=10'],
    [90, 10, 'v1=50,v2=50'],
    [0, 100, 'v1=50,v2=50']
  ] as const
  for (const [v1, v2, other] of cases) {
    await report.step(`split ${v1}/${v2}`, async () => {
      await release.upgrade({ access: 'allow-buyer', 'split.v1': `${v1}`, 'split.v2': `${v2}` })
      await untilDeclared(buyer, v1, v2)
      const right = await verify(buyer, ['--expect', `v1=${v1},v2=${v2}`, '--burst', '3000'])
      assert.equal(right.code, 0, right.line)
      const wrong = await verify(buyer, ['--expect', other, '--burst', '1000'])
      assert.equal(wrong.code, 1, wrong.line)
      return `${right.line} | with ${other} expected: ${wrong.line}`
    })
  }
  await report.step('a split changed with kubectl is on the page within 3 s', async () => {
    await mesh.setSplit(25, 75)
    const ms = await untilDeclared(buyer, 25, 75, { timeoutMs: 3000 })
    await mesh.setSplit(0, 100)
    await untilDeclared(buyer, 0, 100)
    return `${Math.round(ms)} ms`
  })
}

async function upgradeUnderLoad(options: CourseOptions): Promise<void> {
  const { mesh, release, report, buyer } = options
  const values = { access: 'allow-buyer', 'split.v1': '50', 'split.v2': '50' }
  const shop = async () => {
    await release.upgrade(values)
    await untilAccess(buyer, 'bought')
  }
  await release.upgrade(values)
  const before = await quietBooks(options)
  await shop()
  const replace = { ...values, 'bookstore.podAnnotations.round': 'two' }
  for (const [name, change] of [
    ['an upgrade replaces both stores while the buyer buys', () => release.upgrade(replace)],
    ['a rollback replaces them again', () => release.rollback()]
  ] as const) {
    await report.step(name, async () => {
      const start = (await buyer.snapshot()).counts
      await change()
      // helm waits for the new pods, and the old ones leave after that
      for (const name of ['bookstore-v1', 'bookstore-v2']) {
        await kubectl('-n', 'bookstore', 'rollout', 'status', `deployment/${name}`)
      }
      await untilAccess(buyer, 'bought')
      const end = (await buyer.snapshot()).counts
      const failed = end.failed - start.failed
      // OSM's sidecar ends at once when its pod is told to stop, whatever the application does
      if (mesh.name !== 'osm') assert.equal(failed, 0, 'expected no failed purchase')
      return `${end.bought - start.bought} bought meanwhile, ${failed} failed`
    })
  }
  await report.step('no purchase was lost', async () => {
    const after = await quietBooks(options)
    const bought = after.bought - before.bought
    const failed = after.failed - before.failed
    const restocked = after.restocked - before.restocked
    const seen = `${bought} bought, ${failed} failed, ${restocked} restocked`
    // a purchase whose answer was lost on its way is a failed one for the buyer, but sold and restocked
    assert.ok(restocked >= bought && restocked <= bought + failed, seen)
    await shop()
    return seen
  })
}

/** What buyer and warehouse have counted while nobody may buy, once nothing is on its way any more. */
async function quietBooks({ release, buyer, warehouse }: CourseOptions): Promise<{
  readonly bought: number
  readonly failed: number
  readonly restocked: number
}> {
  await release.upgrade({ access: 'deny', 'split.v1': '50', 'split.v2': '50' })
  await untilAccess(buyer, 'denied')
  const restocked = await untilSteady(async () => {
    const { totalBooks } = (await warehouse.json('/raw')) as { readonly totalBooks: number }
    return totalBooks
  })
  const { bought, failed } = (await buyer.snapshot()).counts
  return { bought, failed, restocked }
}

async function helmTest({ mesh, release, report }: CourseOptions): Promise<void> {
  await report.step('helm test', async () => {
    const logs = async () => (await Promise.all(['verify-bookbuyer', 'verify-bookthief'].map(logOf))).join(' | ')
    try {
      await release.test()
    } catch (error) {
      throw new Error(`${await logs()}: ${(error as Error).message}`)
    }
    return logs()
  })
  await report.step('helm test fails when the mesh does something else', async () => {
    await mesh.setSplit(10, 90)
    await assert.rejects(release.test())
    return logOf('verify-bookbuyer')
  })
}

async function logOf(job: string): Promise<string> {
  const { stdout: log } = await tryRun('kubectl', ['-n', 'bookbuyer', 'logs', `job/${job}`, '-c', 'verify'])
  return log
    .trim()
    .split('\n')
    .filter(line => /^(pass|fail|not)/i.test(line))
    .join('; ')
}
