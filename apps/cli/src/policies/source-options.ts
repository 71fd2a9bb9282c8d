/** The options of commands that take policies from files. */
export const SOURCE_OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  recursive: { type: 'boolean', short: 'R', default: false },
  namespace: { type: 'string', short: 'n' },
  'policy-dir': { type: 'string' }
} as const

/** What they mean, for the help of such a command. */
export const SOURCE_HELP = `  -f, --filename     a file, a folder of files, or - for standard input; may be repeated
  -R, --recursive    look into the folders of a folder too
  -n, --namespace    namespace of objects that name none (default: default)
      --policy-dir   the folder (default: that of the running bookstore up, else .data/policies)`
