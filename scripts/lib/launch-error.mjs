/** An error that the person at the keyboard can do something about: its message is all they need, without a stack. */
export function launchError(message, exitCode = 3) {
  return Object.assign(new Error(message), { expected: true, exitCode })
}
