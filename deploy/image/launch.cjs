#!/nodejs/bin/node
// Entry point of every program in the image, copied to /bookstore, /bookbuyer, …: the paths that manifests of the original start.
// A "#!" line passes one argument only, so telemetry is not preloaded by --import but awaited here: it must be complete before
// anything of the app loads node:http, or no server span is ever made.
// Source maps are there and off, because reading them doubles the time and memory of a start: NODE_OPTIONS=--enable-source-maps.
const { basename, join } = require('node:path')
const { pathToFileURL } = require('node:url')

const program = basename(__filename)
const app = program === 'bookstore-cli' ? 'cli' : program
const load = file => import(pathToFileURL(join(__dirname, 'app', file)).href)
load('telemetry.mjs').then(() => load(`${app}.mjs`))
