import { type Dashboard, of, type Panel, quantile, rate } from '../panels.ts'

const one = (title: string, description: string, expr: string, legend: string, more: Partial<Panel> = {}): Panel => ({
  title,
  description,
  kind: 'timeseries',
  width: 12,
  queries: [{ expr, legend }],
  ...more
})

/** Bought, sold and restocked. */
export const BOOKS: Dashboard = {
  uid: 'bookstore-books',
  title: 'Bookstore: books balance',
  description: 'Every book bought was sold by a store and restocked by the warehouse.',
  panels: [
    {
      title: 'Bought, sold, restocked',
      description: 'Books a second on their way; the three lines lie on each other, a little apart in time.',
      kind: 'timeseries',
      width: 24,
      queries: [
        {
          expr: `sum(rate(bookstore_books_bought_total${of('bookbuyer|bookthief')}[$__rate_interval]))`,
          legend: 'bought'
        },
        { expr: `sum(rate(bookstore_sales_total${of('bookstore')}[$__rate_interval])) or vector(0)`, legend: 'sold' },
        {
          expr: `sum(rate(bookwarehouse_books_total${of('bookwarehouse')}[$__rate_interval]))`,
          legend: 'restocked'
        }
      ]
    },
    one(
      'Books in the outboxes',
      'Sold and not yet restocked.',
      `sum by (pod) (bookstore_outbox_books${of('bookstore')}) or vector(0)`,
      '{{pod}}'
    ),
    one(
      'Age of the oldest sale that waits',
      'Seconds; grows when restocks do not get through.',
      `max by (pod) (bookstore_outbox_oldest_age_seconds${of('bookstore')}) or vector(0)`,
      '{{pod}}',
      { unit: 's' }
    ),
    one(
      'Time from sale to acknowledgement, p95',
      'Of the oldest sale of each restock; 0 while nothing is restocked.',
      `${quantile(0.95, 'bookstore_restock_lag_seconds', of('bookstore'), 'pod')} or vector(0)`,
      '{{pod}}',
      { unit: 's' }
    ),
    one(
      'Restock calls, by what became of them',
      'Calls a second.',
      `${rate('bookstore_restock_attempts_total', of('bookstore'), 'outcome')} or vector(0)`,
      '{{outcome}}',
      { unit: 'reqps' }
    ),
    one(
      'Books refused for good, and sales refused',
      'Both should be 0 for ever.',
      `sum by (pod) (bookstore_restocks_dropped_total${of('bookstore')}) + sum by (pod) (bookstore_sales_refused_total${of('bookstore')}) or vector(0)`,
      '{{pod}}'
    ),
    one(
      'Restocks in one transaction, mean',
      'Group commit: what waits while a transaction is under way is written together; 0 while nothing is.',
      `(${rate('bookwarehouse_batch_restocks_sum', of('bookwarehouse'), 'pod')} / (${rate('bookwarehouse_batch_restocks_count', of('bookwarehouse'), 'pod')} > 0)) or vector(0)`,
      '{{pod}}'
    ),
    one(
      'Duration of a transaction, p95',
      'Retries included; 0 while nothing is written.',
      `${quantile(0.95, 'bookwarehouse_transaction_duration_seconds', of('bookwarehouse'), 'pod')} or vector(0)`,
      '{{pod}}',
      { unit: 's' }
    ),
    one(
      'The database can be used',
      '1 or 0.',
      `min by (pod) (bookwarehouse_database_up${of('bookwarehouse')})`,
      '{{pod}}',
      { width: 8 }
    ),
    one(
      'Restocks that wait for their transaction',
      'Grows when the database is slow.',
      `sum by (pod) (bookwarehouse_restocks_waiting${of('bookwarehouse')})`,
      '{{pod}}',
      { width: 8 }
    ),
    one(
      'Books in stock',
      'As the warehouse saw them last.',
      `max(bookwarehouse_stock_books${of('bookwarehouse')})`,
      'books',
      { width: 8 }
    )
  ]
}
