// Preloaded into programs that another one starts: they end when it is gone or says so, unless they see to that
// themselves.
let signalled = false

process.on('SIGINT', () => {
  signalled = true
  const nobodyElseListens = process.listenerCount('SIGINT') === 1
  if (nobodyElseListens) process.exit(130)
})
if (process.connected === false) process.exit(1)
if (process.channel) {
  process.once('disconnect', () => {
    // a program that is still loading has nobody yet who would notice
    if (process.listenerCount('disconnect') === 0) process.exit(1)
  })
  process.on('message', message => {
    if (message?.stop && !signalled) process.kill(process.pid, message.stop)
  })
  // listening must not keep a program alive that is done
  process.channel.unref()
}
