import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { isPolicyFile } from '@bookstore/local-mesh'
import type { PolicyFile } from '@bookstore/policy'
import { CommandError, type Context, UsageError } from '../command.ts'

/**
 * The files that `-f` names: a file, a folder (its .yaml, .yml and .json files, with those of its folders when
 * recursive), or `-` for standard input.
 * @throws CommandError for one that cannot be read, UsageError when there is none at all
 */
export async function readSources(
  names: readonly string[] | undefined,
  { cwd, input }: Pick<Context, 'cwd' | 'input'>,
  { isRecursive = false }: { readonly isRecursive?: boolean } = {}
): Promise<readonly PolicyFile[]> {
  if (!names?.length) throw new UsageError('expected a file, a folder, or - for standard input')
  const files: PolicyFile[] = []
  for (const name of names) {
    if (name === '-') files.push({ name: 'standard input', text: await readAll(input) })
    else files.push(...readNamed(name, resolve(cwd, name), isRecursive))
  }
  return files
}

function readNamed(name: string, path: string, recursive: boolean): PolicyFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ name, text: readFileSync(path, 'utf8') }]
    const names = readdirSync(path, { recursive, encoding: 'utf8' }).filter(file => isPolicyFile(basename(file)))
    const hint = recursive ? '' : ' (-R looks into its folders)'
    if (names.length === 0) throw new CommandError(`${name}: expected a folder with .yaml files, got none${hint}`)
    return names.sort().map(file => ({
      name: join(name, file),
      text: readFileSync(join(path, file), 'utf8')
    }))
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new CommandError(`${name}: ${why}`, { cause: error })
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
