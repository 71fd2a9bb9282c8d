// Stands for a service in tests of the supervisor: says that it listens and waits, or does what BEHAVIOUR says.
const behaviour = process.env.BEHAVIOUR

if (behaviour === 'crash') {
  console.error('EXPECTED_SPLIT: expected something else')
  process.exit(3)
}
if (behaviour === 'deaf') {
  process.on('SIGTERM', () => {})
} else {
  process.on('SIGTERM', () => {
    console.log('asked to stop')
    process.exit(0)
  })
  process.on('disconnect', () => process.exit(0))
}
setInterval(() => {}, 1000)
process.send({ listening: { port: 1, metricsPort: 2 } })
