/** The exit codes of every command: 0 is yes, 1 is no, 2 is not decided yet, 3 is that it could not be asked. */
export const EXIT = {
  /** Done, or the verdict is pass. */
  YES: 0,
  /** The answer is no: failed, denied, refused, or applied and not in force. */
  NO: 1,
  /** Not enough data to say either. */
  UNDECIDED: 2,
  /** A mistake on the command line, something to read that is not there, or nobody who answers. */
  COULD_NOT_RUN: 3,
  /** Ended by the keyboard or a signal, as shells count SIGINT. */
  INTERRUPTED: 130
} as const
