/**
 * A function whose promise resolves when the present turn of the event loop has read what all connections sent. It is
 * one promise for all who ask in a turn. Answers that wait for it are written one after the other: between reads each
 * would cost a third more (docs/performance.md).
 */
export function createTurnEnd(): () => Promise<void> {
  let end: Promise<void> | undefined
  return () => {
    end ??= new Promise(resolve => {
      setImmediate(() => {
        end = undefined
        resolve()
      })
    })
    return end
  }
}
