import type { PolicyFile } from '@bookstore/policy'
import { describe, expect, test } from 'vitest'
import { permissiveOff, split5050, splitFile } from '../../policy/test-support/policy-files.ts'
import { afterLook, notYetRead } from './in-force.ts'

const files = (...held: readonly PolicyFile[]) => ({ kind: 'files', files: held }) as const
const broken = { name: 'split.yaml', text: 'kind: TrafficSplit\nweight: [' }

describe('afterLook', () => {
  const first = afterLook(notYetRead, '/p', files(split5050), 't1')

  test('puts the first files in force', () => {
    expect(first).toMatchObject({
      version: 1,
      changedAt: 't1',
      lastChange: 'started with traffic-split-50-50.yaml',
      error: null
    })
    expect(afterLook(notYetRead, '/p', files(), 't1').lastChange).toBe('started without policies')
  })

  test('is the same state while the folder is the same', () => {
    expect(afterLook(first, '/p', files({ ...split5050 }), 't2')).toBe(first)
  })

  test('tells what was added, changed and removed', () => {
    const second = afterLook(first, '/p', files(split5050, permissiveOff), 't2')
    expect(second).toMatchObject({ version: 2, lastChange: 'added mesh-config.yaml' })
    const changed = { ...split5050, text: splitFile(0, 1).text }
    const third = afterLook(second, '/p', files(changed), 't3')
    expect(third).toMatchObject({
      version: 3,
      changedAt: 't3',
      lastChange: 'changed traffic-split-50-50.yaml; removed mesh-config.yaml'
    })
  })

  test('keeps the last good set while a file is broken, and takes the mended one', () => {
    const wrong = afterLook(first, '/p', files(split5050, broken), 't2')
    expect(wrong).toMatchObject({ version: 1, policies: first.policies, error: { at: 't2' } })
    expect(wrong.error?.errors[0]).toMatchObject({ file: 'split.yaml', line: 2 })
    expect(afterLook(wrong, '/p', files(split5050, broken), 't3')).toBe(wrong)
    expect(afterLook(wrong, '/p', files(split5050), 't4')).toMatchObject({
      version: 1,
      changedAt: 't1',
      error: null
    })
  })

  test('a folder that is missing or cannot be read changes nothing, and is reported', () => {
    const missing = afterLook(first, '/p', { kind: 'missing' }, 't2')
    expect(missing).toMatchObject({
      version: 1,
      policies: first.policies,
      error: { errors: [{ file: '/p', message: 'expected a readable folder of policies, got none' }] }
    })
    const unreadable = afterLook(first, '/p', { kind: 'unreadable', reason: 'EACCES' }, 't2')
    expect(unreadable).toMatchObject({ version: 1, policies: first.policies })
    expect(unreadable.error?.errors[0]?.message).toContain('EACCES')
  })
})
