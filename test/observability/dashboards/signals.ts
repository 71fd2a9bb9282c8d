import { type Dashboard, of, type Panel, quantile, rate } from '../panels.ts'

const attempts = (app: string, title: string): Panel => ({
  title,
  description: 'Attempts to buy a second, by outcome.',
  kind: 'timeseries',
  unit: 'reqps',
  width: 12,
  queries: [{ expr: rate('bookstore_purchase_attempts_total', of(app), 'outcome'), legend: '{{outcome}}' }]
})

/** Traffic, errors, latency and saturation. */
export const SIGNALS: Dashboard = {
  uid: 'bookstore-signals',
  title: 'Bookstore: golden signals',
  description: 'Traffic, errors, latency and saturation. Probes are in none of it.',
  showsPolicyChanges: true,
  panels: [
    attempts('bookbuyer', 'Attempts of the buyer'),
    attempts('bookthief', 'Attempts of the thief'),
    {
      title: 'Books the buyer bought, by version',
      description: 'Purchases a second.',
      kind: 'timeseries',
      unit: 'reqps',
      width: 12,
      queries: [{ expr: rate('bookstore_books_bought_total', of('bookbuyer'), 'version'), legend: '{{version}}' }]
    },
    {
      title: 'Why purchases fail or are denied',
      description: 'Attempts a second that were not bought, by shopper and reason; 0 while all buy.',
      kind: 'timeseries',
      unit: 'reqps',
      width: 12,
      queries: [
        {
          expr: `${rate('bookstore_purchase_attempts_total', of('bookbuyer|bookthief', 'outcome!="bought"'), 'app, outcome, reason')} or vector(0)`,
          legend: '{{app}} {{outcome}} {{reason}}'
        }
      ]
    },
    {
      title: 'Duration of an attempt, as the buyer meets it',
      description: 'By outcome and version; only of those that happen now.',
      kind: 'timeseries',
      unit: 's',
      width: 12,
      queries: [0.5, 0.95, 0.99].map(q => ({
        expr: quantile(q, 'bookstore_purchase_duration_seconds', of('bookbuyer'), 'outcome, version'),
        legend: `p${q * 100} {{outcome}} {{version}}`
      }))
    },
    {
      title: 'Duration of requests at the servers, p95',
      description: 'By app and route; 0 while nothing is asked.',
      kind: 'timeseries',
      unit: 's',
      width: 12,
      queries: [
        {
          expr: `${quantile(0.95, 'http_server_request_duration_seconds', of('.+'), 'app, http_route')} or vector(0)`,
          legend: '{{app}} {{http_route}}'
        }
      ]
    },
    {
      title: 'Requests at the servers',
      description: 'Requests a second, by app.',
      kind: 'timeseries',
      unit: 'reqps',
      width: 12,
      queries: [{ expr: rate('http_server_request_duration_seconds_count', of('.+'), 'app'), legend: '{{app}}' }]
    },
    {
      title: 'Answers that are 5xx',
      description: 'Answers a second with a status from 500 on, by app; 0 while there are none.',
      kind: 'timeseries',
      unit: 'reqps',
      width: 12,
      queries: [
        {
          expr: `${rate('http_server_request_duration_seconds_count', of('.+', 'http_response_status_code=~"5.."'), 'app')} or 0 * ${rate('http_server_request_duration_seconds_count', of('.+'), 'app')}`,
          legend: '{{app}}'
        }
      ]
    },
    {
      title: 'Programs that can be scraped',
      description: '1 for each that answers on its metrics port, 0 for each that does not.',
      kind: 'timeseries',
      width: 8,
      queries: [{ expr: `up${of('.+')}`, legend: '{{pod}}' }]
    },
    {
      title: 'Processors in use',
      description: 'Seconds of processor time a second.',
      kind: 'timeseries',
      width: 8,
      queries: [{ expr: rate('process_cpu_seconds_total', of('.+'), 'pod'), legend: '{{pod}}' }]
    },
    {
      title: 'Delay of the event loop, p99',
      description: 'A program that is late here has too much to do.',
      kind: 'timeseries',
      unit: 's',
      width: 8,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds${of('.+')}`, legend: '{{pod}}' }]
    }
  ]
}
