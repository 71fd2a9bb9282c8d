import { expect, test } from 'vitest'
import { checkBeforeInstall, checkInstalled } from './cluster.ts'
import { formatFindings } from './finding.ts'
import type { RunProgram } from './run-program.ts'

/** A kubectl that answers as told by the words that its arguments contain, and refuses the rest. */
function kubectl(answers: Readonly<Record<string, unknown>>): RunProgram {
  return async (_, args) => {
    const line = args.join(' ')
    const met = Object.entries(answers).find(([words]) => line.includes(words))
    if (met === undefined) return { code: 1, stdout: '', stderr: `Error: no answer to ${line}` }
    return { code: 0, stdout: typeof met[1] === 'string' ? met[1] : JSON.stringify(met[1]), stderr: '' }
  }
}

const namespace = { metadata: { labels: { 'openservicemesh.io/monitored-by': 'osm' } } }

function pod(containers: number, status: object) {
  return {
    metadata: { name: 'bookbuyer-1' },
    spec: { containers: Array.from({ length: containers }, () => ({})) },
    status
  }
}

const ready = { phase: 'Running', containerStatuses: [{ ready: true }] }

test('a missing cluster is a warning before a start, and a fault where it is asked for', async () => {
  const none = kubectl({})
  expect(await checkBeforeInstall(none, false)).toMatchObject([{ status: 'warning' }])
  expect(await checkBeforeInstall(none, true)).toMatchObject([{ status: 'fail' }])
  expect(await checkInstalled(none, ['bookbuyer'])).toMatchObject([{ status: 'fail' }])
})

test('the mesh and the rights to install are found', async () => {
  const cluster = kubectl({ version: '', 'get crd meshconfigs': '', 'can-i create namespaces': 'yes' })
  const findings = await checkBeforeInstall(cluster, true)
  expect(findings.map(({ name, status }) => [name, status])).toEqual([
    ['kubectl reaches a cluster', 'ok'],
    ['a mesh is installed: Open Service Mesh', 'ok'],
    ['you may create namespaces', 'ok'],
    ['you may create deployments.apps', 'fail'],
    ['you may create trafficsplits.split.smi-spec.io', 'fail']
  ])
})

test.each([
  ['in order', [pod(2, ready)], ['ok', 'ok', 'ok'], ''],
  ['without a proxy', [pod(1, ready)], ['ok', 'ok', 'fail'], 'a-pod-has-no-proxy'],
  [
    'without its image',
    [
      pod(2, {
        phase: 'Pending',
        containerStatuses: [{ ready: false, state: { waiting: { reason: 'ImagePullBackOff' } } }]
      })
    ],
    ['ok', 'fail', 'ok'],
    'imagepullbackoff'
  ],
  ['without pods', [], ['ok', 'fail'], 'nothing runs there']
])('a release %s', async (_, items, statuses, words) => {
  const found = await checkInstalled(kubectl({ version: '', 'get namespace': namespace, 'get pods': { items } }), [
    'bookbuyer'
  ])
  expect(found.map(({ status }) => status)).toEqual(statuses)
  expect(found.some(({ status }) => status === 'fail')).toBe(statuses.includes('fail'))
  expect(formatFindings(found)).toContain(words)
  expect(formatFindings(found)).toMatch(statuses.includes('fail') ? /are ×$/ : /are √$/)
})
