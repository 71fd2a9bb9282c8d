import { cp, rename, writeFile } from 'node:fs/promises'
import { tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { chartPath, hasHelm, helm } from './helm.ts'

/** The notes as an installation prints them; helm shows them to a cluster only, so here they become an object. */
async function notes(...settings: readonly string[]): Promise<string> {
  await using dir = await tempDir()
  await cp(chartPath, dir.join('chart'), { recursive: true })
  await rename(dir.join('chart/templates/NOTES.txt'), dir.join('chart/notes.tpl'))
  const object = 'apiVersion: v1\nkind: Notes\ntext: {{ tpl (.Files.Get "notes.tpl") . | quote }}\n'
  await writeFile(dir.join('chart/templates/notes.yaml'), object)
  const set = settings.flatMap(setting => ['--set', setting])
  const shown = ['--show-only', 'templates/notes.yaml', '--kube-version', '1.32.0']
  const { code, stdout, stderr } = await helm('template', 'demo', dir.join('chart'), ...shown, ...set)
  if (code !== 0) throw new Error(stderr)
  return parse(stdout).text
}

describe.skipIf(!(await hasHelm()))('the notes', () => {
  test('say what pods wait for that have no image, and how it gets to kind and to AKS', async () => {
    const text = await notes('mesh=istio', 'image.tag=9.9.9')
    expect(text).toContain('ImagePullBackOff')
    expect(text).toMatch(/^ {2}kind load docker-image bookstore:9\.9\.9 /m)
    expect(text).toMatch(/^ {2}az acr build -r REGISTRY -t bookstore:9\.9\.9 \. /m)
    expect(text).toContain('npx bookstore check --cluster')
  })

  test('name the image of the registry that was set', async () => {
    expect(await notes('image.registry=my.azurecr.io')).toContain('cannot get the image my.azurecr.io/bookstore:')
  })
})
