import type { Scenario } from './scenario.ts'

/** All faults; those of `disk` need a file system of their own, which not everybody may mount. */
export interface Faults {
  readonly others: readonly Pick<Scenario, 'name'>[]
  readonly disk: readonly Pick<Scenario, 'name'>[]
}

/**
 * Names of the faults that contain one of the words, or of all; without those of the disk where they cannot run, which
 * is asked only when one of them is chosen.
 * @throws RangeError for a word that is in no name
 */
export function chooseFaults(
  { others, disk }: Faults,
  words: readonly string[],
  canMountDisk: () => boolean
): readonly string[] {
  const names = [...others, ...disk].map(({ name }) => name)
  const unknown = words.find(word => !names.some(name => name.includes(word)))
  if (unknown !== undefined) {
    const list = names.map(name => `  ${name}`).join('\n')
    throw new RangeError(`expected a word of the name of a fault, got "${unknown}"; the faults are\n${list}\n`)
  }
  const chosen = names.filter(name => words.length === 0 || words.some(word => name.includes(word)))
  const isOfDisk = (name: string) => disk.some(fault => fault.name === name)
  return chosen.some(isOfDisk) && !canMountDisk() ? chosen.filter(name => !isOfDisk(name)) : chosen
}
