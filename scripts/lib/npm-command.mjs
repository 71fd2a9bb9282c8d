/** How to run npm: the one that runs us, else the one on the PATH. */
export function npmCommand(env, node, platform = process.platform) {
  const running = env.npm_execpath || ''
  if (/npm-cli\.c?js$/.test(running)) return { command: node, args: [running], shell: false }
  // on Windows npm is a batch file, and those only run in a shell
  return { command: 'npm', args: [], shell: platform === 'win32' }
}
