import { writeFile } from 'node:fs/promises'
import { BOOKS } from './dashboards/books.ts'
import { SIGNALS } from './dashboards/signals.ts'
import { SPLIT } from './dashboards/split.ts'
import type { Dashboard } from './panels.ts'
import { renderDashboard } from './render-dashboard.ts'

const folder = new URL('../../charts/bookstore/dashboards/', import.meta.url)

/** The dashboards, by the name of their file in the chart. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  'split.json': SPLIT,
  'signals.json': SIGNALS,
  'books.json': BOOKS
}

if (process.argv[1] === new URL(import.meta.url).pathname && process.argv.includes('--write')) {
  for (const [name, dashboard] of Object.entries(DASHBOARDS)) {
    await writeFile(new URL(name, folder), renderDashboard(dashboard))
  }
}
