// Preloaded into programs that know nothing of the process that started them: they end when it is gone or says so.
let signalled = false

process.on('SIGINT', () => {
  signalled = true
  const nobodyElseListens = process.listenerCount('SIGINT') === 1
  if (nobodyElseListens) process.exit(130)
})
if (process.channel) {
  process.once('disconnect', () => process.exit(1))
  process.on('message', message => {
    if (message?.stop && !signalled) process.kill(process.pid, message.stop)
  })
  // listening must not keep a program alive that is done
  process.channel.unref()
}
