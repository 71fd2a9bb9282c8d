import type { Command } from './command.ts'

/** The page of the documents about the commands, in Markdown, made from their help. */
export function cliPage(commands: readonly Command[]): string {
  const sections = commands.map(
    ({ name, summary, help }) => `## ${name}\n\n${sentence(summary)}\n\n\`\`\`text\n${help}\n\`\`\`\n`
  )
  return `# The commands

\`npx bookstore COMMAND\`. This page is made from the commands' own help: \`npm run docs\` writes it.

Exit codes of every command: 0 yes, 1 no, 2 not decided yet, 3 could not run, 130 stopped by the keyboard.

${sections.join('\n')}`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
