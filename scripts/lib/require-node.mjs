// Imported first, and only syntax of Node 12 here, so that an old Node prints this line and not a SyntaxError.
const major = Number(process.versions.node.split('.')[0])

if (major < 20) {
  process.stderr.write(
    'The bookstore needs Node 20 or newer, this is Node ' +
      process.versions.node +
      '; install a newer one from https://nodejs.org\n'
  )
  process.exit(3)
}
