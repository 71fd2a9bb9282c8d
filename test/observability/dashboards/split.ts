import { type Dashboard, healthPanel, of, statusPanel } from '../panels.ts'

/** Whether the mesh does what was declared. */
export const SPLIT: Dashboard = {
  uid: 'bookstore-split',
  title: 'Bookstore: split verification',
  description: 'Whether the mesh does what was declared.',
  showsPolicyChanges: true,
  panels: [
    statusPanel('Headline', {
      kind: 'stat',
      metric: 'bookstore_headline',
      app: 'bookbuyer',
      width: 6,
      description: "The headline of the buyer's page."
    }),
    statusPanel('Split verdict', {
      kind: 'stat',
      metric: 'bookstore_split_verdict',
      app: 'bookbuyer',
      width: 6,
      description: 'Whether the mesh splits as declared; a pass is pending while the buyer is not healthy.'
    }),
    statusPanel('Access of the buyer', {
      kind: 'stat',
      metric: 'bookstore_access_verdict',
      app: 'bookbuyer',
      width: 6,
      description: 'Whether the buyer is let in, or denied, as expected.'
    }),
    statusPanel('Access of the thief', {
      kind: 'stat',
      metric: 'bookstore_access_verdict',
      app: 'bookthief',
      width: 6,
      description: 'Whether the thief is denied, or let in, as expected.'
    }),
    {
      title: 'Declared against observed',
      description:
        'The declared share of each version, the observed one, and the ends of its time-uniform interval. A correct split keeps the declared line inside the interval.',
      kind: 'timeseries',
      unit: 'percentunit',
      width: 24,
      queries: [
        { expr: `bookstore_split_declared_ratio${of('bookbuyer')}`, legend: '{{version}} declared' },
        { expr: `bookstore_split_share_ratio${of('bookbuyer')}`, legend: '{{version}} observed' },
        { expr: `bookstore_split_share_low_ratio${of('bookbuyer')}`, legend: '{{version}} low' },
        { expr: `bookstore_split_share_high_ratio${of('bookbuyer')}`, legend: '{{version}} high' }
      ]
    },
    statusPanel('Headline over time', {
      kind: 'state-timeline',
      metric: 'bookstore_headline',
      app: 'bookbuyer|bookthief',
      width: 12,
      description: 'What the pages said, and when.'
    }),
    statusPanel('Split verdict over time', {
      kind: 'state-timeline',
      metric: 'bookstore_split_verdict',
      app: 'bookbuyer',
      width: 12,
      description: 'What was judged, and when.'
    }),
    healthPanel(12),
    {
      title: 'Silent versions',
      description: 'Seconds since a declared version answered, of those that should have; 0 while all answer.',
      kind: 'timeseries',
      unit: 's',
      width: 12,
      queries: [
        {
          expr: `max by (version) (bookstore_version_silent_seconds${of('bookbuyer')}) or vector(0)`,
          legend: '{{version}}'
        }
      ]
    },
    {
      title: 'Evidence against the declared split',
      description: 'The natural logarithm of the evidence; above the alarm line the verdict is fail.',
      kind: 'timeseries',
      width: 12,
      queries: [
        { expr: `bookstore_split_log_evidence${of('bookbuyer')}`, legend: 'evidence' },
        { expr: `bookstore_split_alarm_log_evidence${of('bookbuyer')}`, legend: 'alarm' }
      ]
    },
    {
      title: 'Purchases judged, and missing to a pass',
      description: 'In the current window, which begins anew when something else is declared.',
      kind: 'timeseries',
      width: 12,
      queries: [
        { expr: `bookstore_split_window_purchases${of('bookbuyer')}`, legend: 'judged' },
        { expr: `bookstore_split_purchases_missing${of('bookbuyer')} or vector(0)`, legend: 'missing' }
      ]
    },
    {
      title: 'Convergence of the last change',
      description:
        'Seconds from the change to the first answer under it; 0 when there was no change or it cannot be told.',
      kind: 'stat',
      unit: 's',
      width: 8,
      queries: [
        { expr: `max(bookstore_split_convergence_seconds${of('bookbuyer')}) or vector(0)`, legend: 'converged after' }
      ]
    },
    {
      title: 'Stale answers',
      description: 'Answers in the current window that only the policy before could have given.',
      kind: 'stat',
      width: 8,
      queries: [{ expr: `max(bookstore_split_stale_answers${of('bookbuyer')})`, legend: 'stale' }]
    },
    {
      title: 'Policies that cannot be read',
      description: 'The last good ones stay in force, and the verdict is about those.',
      kind: 'stat',
      width: 8,
      queries: [{ expr: `max by (pod) (bookstore_policy_problems${of('bookbuyer|bookthief')})`, legend: '{{pod}}' }]
    }
  ]
}
