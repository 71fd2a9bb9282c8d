/** Where restocks go. */
export interface WarehouseTarget {
  readonly url: string
  /** Host header, when it is not the URL's own. */
  readonly host?: string
}

/** The warehouse as the original's client addresses it: `origin` when given, else the name of the Service in the cluster with the short name as Host. */
export function warehouseTarget({
  origin,
  service,
  namespace
}: {
  readonly origin: string | undefined
  readonly service: string
  readonly namespace: string
}): WarehouseTarget {
  if (origin !== undefined) return { url: `${origin}/restock-books` }
  const host = `${service}.${namespace}`
  return { url: `http://${host}.svc.cluster.local:14001/restock-books`, host }
}
