// The least that a server of Node costs at its start: nothing but node:http, and no types to strip. It is not imported,
// because an import reads all that it exports, and so loads Node's WebSocket: more than half of this start.
const server = process.getBuiltinModule('node:http').createServer((_request, response) => response.end())
server.listen(0, () => process.stdout.write(`${JSON.stringify({ msg: 'started', port: server.address().port })}\n`))
