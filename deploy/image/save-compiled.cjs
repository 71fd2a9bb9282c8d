// Preloaded by warm-up.mjs: when the parent asks, writes what V8 has made of the program's scripts so far.
const { mkdirSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')

const { scripts, compiledPath } = require(join(dirname(process.argv[1]), 'app/load.cjs'))

process.on('message', () => {
  for (const [name, { script }] of scripts) {
    const path = compiledPath(name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, script.createCachedData())
  }
  process.send({ saved: true })
})
