#!/nodejs/bin/node
// Entry point of every program in the image, copied to /bookstore, /bookbuyer, …: the paths that manifests of the original start.
// Source maps are there and off, because reading them doubles the time and memory of a start: NODE_OPTIONS=--enable-source-maps.
const { enableCompileCache } = require('node:module')
const { basename, join } = require('node:path')
const { pathToFileURL } = require('node:url')

const program = basename(__filename)
const app = program === 'bookstore-cli' ? 'cli' : program
// made by warm-up.mjs; where another Node or user starts, it is not taken, and nothing else changes
enableCompileCache(join(__dirname, 'app', 'compiled'))
const load = file => import(pathToFileURL(join(__dirname, 'app', file)).href)
load(`${app}.mjs`)
