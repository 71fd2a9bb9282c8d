import { join, relative } from 'node:path'

// What is loaded at every start and used rarely: it is loaded at its first use instead.
const LATE = [
  // clusters of Node and push gateways: nobody here has them, and they load node:https, node:tls and node:cluster
  { importer: /[\\/]prom-client[\\/]/, names: ['./lib/pushgateway', './lib/cluster', '@opentelemetry/api'] },
  // our servers speak plain HTTP/1.1, have no versioned plugins and trust no proxy
  { importer: /[\\/]fastify[\\/]lib[\\/]/, names: ['node:https', 'node:http2', 'semver', '@fastify/proxy-addr'] },
  { importer: /[\\/]undici[\\/]lib[\\/]/, names: ['./client-h2.js'] },
  { importer: /[\\/]pino[\\/]/, names: ['./transport', './lib/transport'] },
  // policies of a cluster come as objects, and most have no expression
  { importer: /^(apps|packages)[\\/][^\\/]+[\\/]src[\\/]/, names: ['yaml', 're2js'] }
]

// The compilers of JSON Schema, 390 kB of source: `packages/common/src/without-schemas.ts` has none.
// And a second parser of undici, which is tried out there under UNDICI_USE_MILO.
const NEVER = /^(@fastify\/(ajv|fast-json-stringify)-compiler|\.\.\/milo\/(no-)?simd\.js)$/

/**
 * An esbuild plugin by which rare parts cost a start nothing. A late part, or what it exports, is a stand-in that can be
 * called, constructed and read by name. It cannot be extended, listed or written to, and its type is always `function`.
 * What our own sources import late is a file of its own under `late/`.
 */
export function lateModules(root) {
  return {
    name: 'late-modules',
    setup({ onResolve, onLoad, onEnd, resolve, initialOptions, esbuild }) {
      const apart = {}
      onResolve({ filter: NEVER }, ({ path }) => ({ path, namespace: 'never' }))
      onLoad({ filter: /./, namespace: 'never' }, ({ path }) => ({
        contents: `throw new Error('expected no use of ${path}, which is not in the bundle')`
      }))
      onResolve({ filter: /./ }, async ({ path: name, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === 'now' || !isLate(relative(root, importer), name)) return undefined
        const { path, errors } = await resolve(name, { importer, kind, resolveDir, pluginData: 'now' })
        if (errors.length > 0) return { errors }
        return { path: relative(root, path), namespace: `late ${kind}`, pluginData: { name, path, resolveDir } }
      })
      onLoad({ filter: /./, namespace: 'late require-call' }, ({ pluginData: { path, resolveDir } }) => ({
        resolveDir,
        contents: `${standIn(path)}\nmodule.exports = standIn(load)`
      }))
      onLoad({ filter: /./, namespace: 'late import-statement' }, async ({ pluginData: { name, path } }) => {
        apart[name] = path
        const names = Object.keys(await import(name)).filter(key => /^[A-Za-z]\w*$/.test(key) && key !== 'default')
        const exported = names.map(key => `export const ${key} = standIn(() => load().${key})`)
        return { contents: [standIn(`./late/${name}.cjs`), ...exported].join('\n') }
      })
      onResolve({ filter: /^\.\/late\//, namespace: 'late import-statement' }, ({ path }) => ({ path, external: true }))
      onEnd(async () => {
        const { absWorkingDir, outdir, platform, target, minifySyntax, minifyWhitespace } = initialOptions
        const options = { absWorkingDir, platform, target, minifySyntax, minifyWhitespace, bundle: true, format: 'cjs' }
        const { errors } = await esbuild.build({
          ...options,
          entryPoints: apart,
          outdir: join(outdir, 'late'),
          outExtension: { '.js': '.cjs' },
          legalComments: 'none'
        })
        return { errors }
      })
    }
  }
}

function isLate(importer, name) {
  return LATE.some(rule => rule.importer.test(importer) && rule.names.includes(name))
}

function standIn(path) {
  return `
    const load = () => require(${JSON.stringify(path)})
    const standIn = real => new Proxy(function () {}, {
      get: (_, name) => real()[name],
      apply: (_, self, args) => Reflect.apply(real(), self, args),
      construct: (_, args) => Reflect.construct(real(), args)
    })`
}
