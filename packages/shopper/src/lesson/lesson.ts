import { formatSplit, type Split } from '@bookstore/contract'
import { holds, type PolicyFile } from '@bookstore/policy'
import type { Difference } from '../state/difference.ts'
import type { PolicyView } from '../state/policy-feed.ts'
import { splitFile } from './split-file.ts'
import { familyOf, type Step, stepsOf } from './steps.ts'

/** Who puts policies in force: this program, or a person with one of two commands. */
export type LessonHand = 'here' | 'bookstore' | 'kubectl'

/** The course as it stands, for page and API. */
export interface LessonView {
  readonly hand: LessonHand
  readonly steps: readonly {
    readonly id: string
    readonly title: string
    /** The command that does the same. */
    readonly command: string
    readonly isInForce: boolean
  }[]
  /** What the last change of the policies changed, whoever made it; null before one. */
  readonly difference: Difference | null
}

/** What became of a step. */
export interface LessonAnswer {
  /** False where a person has to enter the command. */
  readonly applied: boolean
  readonly command: string
  /** A line for each object, in kubectl's words. */
  readonly results: readonly string[]
  readonly difference: Difference | null
}

/** The course, as long as the program runs. */
export interface Lesson {
  read(): LessonView
  /** The id of a step; undefined when there is none of that name. */
  step(id: string): Promise<LessonAnswer> | undefined
  /** Splits the bookstore by these shares. */
  split(split: Split): Promise<LessonAnswer>
  /** The names of the steps, for a message. */
  ids(): readonly string[]
}

export interface LessonOptions {
  readonly view: () => PolicyView
  /** MESH, as it was set. */
  readonly mesh: string
  readonly hand: LessonHand
  /** Puts policies in force and gives a line for each object; only asked where the hand is `here`. */
  readonly apply?: ((files: readonly PolicyFile[]) => Promise<readonly string[]>) | undefined
}

/** A course whose steps are files of `deploy/policies`. */
export function createLesson({ view, mesh, hand, apply }: LessonOptions): Lesson {
  const family = () => familyOf(view().policies, mesh)
  const carryOut = async (file: PolicyFile, command: string): Promise<LessonAnswer> => {
    const results = hand === 'here' ? await apply?.([file]) : undefined
    return { applied: results !== undefined, command, results: results ?? [], difference: view().difference }
  }
  return {
    read() {
      const { policies, difference } = view()
      const steps = stepsOf(family()).map(step => ({
        id: step.id,
        title: step.title,
        command: commandOf(step, hand),
        isInForce: holds(policies, step.policies)
      }))
      return { hand, steps, difference }
    },
    step(id) {
      const step = stepsOf(family()).find(known => known.id === id)
      return step && carryOut(step.file, commandOf(step, hand))
    },
    split(split) {
      const file = splitFile(split, family())
      return carryOut({ ...file, name: formatSplit(split) }, pipedCommand(file, hand))
    },
    ids: () => stepsOf(family()).map(({ id }) => id)
  }
}

function commandOf({ path }: Step, hand: LessonHand): string {
  return `${programOf(hand)} apply -f ${path}`
}

function pipedCommand({ text }: PolicyFile, hand: LessonHand): string {
  return `${programOf(hand)} apply -f - <<'END'\n${text}END`
}

function programOf(hand: LessonHand): string {
  return hand === 'kubectl' ? 'kubectl' : 'npx bookstore'
}
