// What the programs use of undici, and not its fetch, WebSocket, mocks and caches, which it loads with its index: these
// would be a third of a bundle. A part that moves in another version of undici ends the bundling with its name.
const Dispatcher = require('../../node_modules/undici/lib/dispatcher/dispatcher.js')
const api = require('../../node_modules/undici/lib/api/index.js')

// as undici's own index does
Object.assign(Dispatcher.prototype, api)

module.exports = {
  Agent: require('../../node_modules/undici/lib/dispatcher/agent.js'),
  Client: require('../../node_modules/undici/lib/dispatcher/client.js'),
  Pool: require('../../node_modules/undici/lib/dispatcher/pool.js'),
  DecoratorHandler: require('../../node_modules/undici/lib/handler/decorator-handler.js'),
  errors: require('../../node_modules/undici/lib/core/errors.js')
}
