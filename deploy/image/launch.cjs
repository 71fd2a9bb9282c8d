#!/nodejs/bin/node
// Entry point of every program in the image, copied to /bookstore, /bookbuyer, …: the paths that manifests of the original start.
const { basename, join } = require('node:path')

const program = basename(__filename)
const script = `${program === 'bookstore-cli' ? 'cli' : program}.cjs`
// Source maps are there and off, because reading them doubles the time and memory of a start: NODE_OPTIONS=--enable-source-maps.
// Node reads them only for scripts that it loads itself.
if (process.sourceMapsEnabled) require(join(__dirname, 'app', script))
else require(join(__dirname, 'app/load.cjs')).load(script)
