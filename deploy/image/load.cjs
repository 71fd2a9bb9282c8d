// Runs the scripts of the image with what V8 made of them in an earlier run (docs/performance.md). Node's own cache has
// only what V8 compiles before a script runs. This one has every function that a start calls, too: warm-up.mjs.
const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const HEAD = '(function (exports, require, module, __filename, __dirname) {'

// by their names
const scripts = new Map()

/** What a script of this folder exports; it runs once. Another Node than that of the image compiles it anew. */
function load(name) {
  const known = scripts.get(name)
  if (known !== undefined) return known.module.exports
  const filename = join(__dirname, name)
  const script = new Script(`${HEAD}${readFileSync(filename, 'utf8')}\n})`, {
    filename,
    // a stack trace's columns are those of the file
    columnOffset: -HEAD.length,
    cachedData: readCompiled(name)
  })
  const module = { exports: {} }
  // before it runs, because scripts may need each other
  scripts.set(name, { script, module })
  try {
    script.runInThisContext()(module.exports, requireFrom, module, filename, dirname(filename))
  } catch (error) {
    scripts.delete(name)
    throw error
  }
  return module.exports
}

// the scripts name each other by ./name, and all else is in Node itself
function requireFrom(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name)
}

function readCompiled(name) {
  try {
    return readFileSync(compiledPath(name))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Where the compiled code of a script is kept, which is for one Node on one kind of machine. */
function compiledPath(name) {
  return join(__dirname, 'compiled', `${process.version}-${process.arch}`, `${name.replaceAll('/', '-')}.bin`)
}

module.exports = { load, scripts, compiledPath }
