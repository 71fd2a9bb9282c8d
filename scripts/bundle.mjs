// Bundles apps to plain JavaScript that needs no node_modules.
//   node scripts/bundle.mjs bookstore                         writes apps/bookstore/dist
//   node scripts/bundle.mjs --outdir DIR bookstore bookbuyer  writes one folder in which the apps share what they have
// in common. What few want, such as tracing, is in files of its own, which are loaded when it is wanted.
import { cp, readFile, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { lateModules } from './lib/late-modules.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// Its ES modules call a require of their own making for gRPC, which no bundler follows; its CommonJS is bundled whole.
const withoutLateRequire = {
  '@opentelemetry/otlp-grpc-exporter-base': join(
    root,
    'node_modules/@opentelemetry/otlp-grpc-exporter-base/dist/index.cjs'
  )
}

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
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(apps.map(app => [app, `apps/${app}/src/main.ts`])),
    alias: withoutLateRequire,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // stack traces name our files and lines; the text of the sources would double the image
    sourcemap: true,
    // less to read at a start; names stay, so that a stack trace can be read without the maps, too
    minifyWhitespace: true,
    minifySyntax: true,
    sourcesContent: false,
    legalComments: 'none',
    // CommonJS dependencies call require, which an ES module does not have
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);"
    },
    plugins: [filesBesideSources(outdir), partsOfUndici(), lateModules(root)],
    logLevel: 'warning'
  })
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
