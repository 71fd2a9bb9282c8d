import type { CollectedSpan } from './collector.ts'

type Spans = readonly CollectedSpan[]

/** The way from the warehouse's restock up to the purchase; undefined while no trace has all of it. */
export function wholePurchase(spans: Spans): readonly string[] | undefined {
  return wayTo(
    spans,
    ({ from, service, name }) => from === 'app' && service === 'bookwarehouse' && name.startsWith('POST'),
    isPurchase
  )
}

/** The way from a store's sale up to the purchase with a proxy's span in between. */
export function proxiedPurchase(spans: Spans): readonly string[] | undefined {
  const isSale = ({ from, service, name }: CollectedSpan) =>
    from === 'app' && service.startsWith('bookstore') && name === 'GET /buy-a-book/new'
  return wayTo(spans, isSale, way => isPurchase(way) && way.some(({ from }) => from === 'proxy'))
}

const isPurchase = (way: Spans) => way[0]?.name === 'purchase'

/** The first way from a span without a parent down to one of the wanted spans that `isWhole`, in words. */
function wayTo(
  spans: Spans,
  isWanted: (span: CollectedSpan) => boolean,
  isWhole: (way: Spans) => boolean
): readonly string[] | undefined {
  const known = new Map(spans.map(span => [`${span.traceId}/${span.spanId}`, span]))
  for (const wanted of spans.filter(isWanted)) {
    const way = [wanted]
    for (let next: CollectedSpan | undefined = wanted; next !== undefined; ) {
      next = known.get(`${next.traceId}/${next.parentSpanId}`)
      if (next !== undefined && !way.includes(next)) way.unshift(next)
      else break
    }
    if (isWhole(way))
      return way.map(({ from, service, name }) => `${service}${from === 'proxy' ? ' (proxy)' : ''}: ${name}`)
  }
  return undefined
}
