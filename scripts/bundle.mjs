// Bundles apps to plain CommonJS that needs no node_modules.
//   node scripts/bundle.mjs bookstore                         writes apps/bookstore/dist
//   node scripts/bundle.mjs --outdir DIR bookstore bookbuyer  writes one folder in which the apps share what they have
// in common. What few want, such as tracing, is in files of its own, which are loaded when it is wanted.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, transform } from 'esbuild'
import { lateModules } from './lib/late-modules.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// Its ES modules call a require of their own making for gRPC, which no bundler follows; its CommonJS is bundled whole.
const withoutLateRequire = {
  '@opentelemetry/otlp-grpc-exporter-base': join(
    root,
    'node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs'
  )
}

const TARGET = 'node24'
const IMPORT_META_URL = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;"

const { values, positionals: apps } = parseArgs({
  options: { outdir: { type: 'string' } },
  allowPositionals: true
})
if (apps.length === 0) {
  process.stderr.write('expected names of apps, such as: node scripts/bundle.mjs bookstore\n')
  process.exit(2)
}
try {
  await bundle(apps, resolve(values.outdir ?? join(root, 'apps', apps[0], 'dist')))
} catch (error) {
  // what esbuild finds wrong it has printed already
  if (!Array.isArray(error.errors)) throw error
  process.exitCode = 1
}

async function bundle(apps, outdir) {
  await rm(outdir, { recursive: true, force: true })
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(apps.map(app => [app, `apps/${app}/src/main.ts`])),
    alias: withoutLateRequire,
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    // stack traces name our files and lines; the text of the sources would double the image
    sourcemap: 'inline',
    sourcesContent: false,
    legalComments: 'none',
    plugins: [filesBesideSources(outdir), partsOfUndici(), lateModules(root)],
    logLevel: 'warning',
    write: false
  })
  await mkdir(outdir, { recursive: true })
  await Promise.all(outputFiles.map(writeAsCommonJs))
  await cp(join(root, 'deploy/image/load.cjs'), join(outdir, 'load.cjs'))
}

/**
 * esbuild splits ES modules only. A script can be started with the code that V8 made of it in an earlier run
 * (`deploy/image/load.cjs`), and an ES module cannot.
 */
async function writeAsCommonJs({ path, text }) {
  const name = basename(path)
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'importMetaUrl', 'import.meta.dirname': '__dirname' },
    // ES modules are strict of themselves; what is not is another language, and a slower one
    banner: `'use strict';${text.includes('import.meta.url') ? IMPORT_META_URL : ''}`,
    sourcefile: name,
    sourcemap: 'external',
    sourcesContent: false,
    // less to read at a start; names stay, so that a stack trace can be read without the maps, too
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning'
  })
  await writeFile(path, `${code}//# sourceMappingURL=${name}.map\n`)
  await writeFile(`${path}.map`, map)
}

/** What our own sources import of undici; a library, such as that of Kubernetes, has all of it. */
function partsOfUndici() {
  return {
    name: 'parts-of-undici',
    setup({ onResolve }) {
      onResolve({ filter: /^undici$/ }, ({ importer }) =>
        /^(apps|packages)[\\/][^\\/]+[\\/]src[\\/]/.test(relative(root, importer))
          ? { path: join(root, 'scripts/lib/undici-parts.cjs') }
          : undefined
      )
    }
  }
}

/**
 * Keeps `new URL('./page.css', import.meta.url)` true: the file or folder is copied under `assets/` with its path in
 * the repository, and the URL names it there. A missing file fails the build. Sources of other programs (`main.ts`)
 * stay as they are.
 */
function filesBesideSources(outdir) {
  const fileUrl = /new URL\(\s*(['"])(\.[^'"]+)\1,\s*import\.meta\.url\s*\)/g
  return {
    name: 'files-beside-sources',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/](apps|packages)[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8')
        const copies = []
        const contents = text.replace(fileUrl, (whole, _quote, target) => {
          const from = resolve(dirname(path), target)
          if (from.endsWith('main.ts')) return whole
          const name = `assets/${relative(root, from).replaceAll('\\', '/')}`
          copies.push(cp(from, join(outdir, name), { recursive: true }))
          return `new URL('./${name}${target.endsWith('/') ? '/' : ''}', import.meta.url)`
        })
        await Promise.all(copies)
        return copies.length > 0 ? { contents, loader: 'ts' } : undefined
      })
    }
  }
}
