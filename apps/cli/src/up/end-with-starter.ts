// Preloaded into every service: a program that is still loading when its starter is gone has nobody yet who would notice.
const endUnlessNoticed = () => {
  if (process.listenerCount('disconnect') === 0) process.exit(1)
}

if (process.connected === false) process.exit(1)
process.once('disconnect', endUnlessNoticed)

export {}
