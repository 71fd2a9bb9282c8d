// What the programs use of undici, and not its fetch, WebSocket, mocks and caches, which it loads with its index: these
// would be a third of a bundle. Nor its `request`, because they `dispatch`. A part that moves in another version of undici ends the bundling with its name.
module.exports = {
  Agent: require('../../node_modules/undici/lib/dispatcher/agent.js'),
  Client: require('../../node_modules/undici/lib/dispatcher/client.js'),
  Pool: require('../../node_modules/undici/lib/dispatcher/pool.js'),
  DecoratorHandler: require('../../node_modules/undici/lib/handler/decorator-handler.js'),
  errors: require('../../node_modules/undici/lib/core/errors.js')
}
