import type { ServiceName } from '@bookstore/contract'

/** An object as `kubectl apply` takes it. */
export interface TranslatedObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: Readonly<Record<string, unknown>>
}

/** Something of the source that the target cannot say, and what a person can do about it. */
export interface Refusal {
  /** `TrafficTarget bookstore/bookstore`. */
  readonly object: string
  readonly reason: string
  readonly todo: string
}

/** Something that was translated, but not to just the same. */
export interface Note {
  readonly object: string
  readonly text: string
}

/** What a set of policies became. */
export interface Translation {
  readonly objects: readonly TranslatedObject[]
  readonly refusals: readonly Refusal[]
  readonly notes: readonly Note[]
}

/** A request that is known to be sent: its values stand for expressions that Istio cannot say. */
export interface KnownRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

export interface TranslateOptions {
  /** `gateway`: splits become HTTPRoutes; access stays Istio's, because the Gateway API has no kind for it. */
  readonly to: 'istio' | 'gateway'
  readonly known: readonly KnownRequest[]
  /** The port of a Service, which an HTTPRoute has to name; undefined where it is not known. */
  readonly portOf: (service: ServiceName) => number | undefined
  readonly trustDomain: string
}

/** A part of a translation with nothing in it. */
export const NOTHING: Translation = { objects: [], refusals: [], notes: [] }

/** Parts put together, in their order. */
export function together(parts: readonly Translation[]): Translation {
  return {
    objects: parts.flatMap(({ objects }) => objects),
    refusals: parts.flatMap(({ refusals }) => refusals),
    notes: parts.flatMap(({ notes }) => notes)
  }
}

/** A duration as Istio reads it; times below 1 ms are not for it. */
export function durationText(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${Math.round(ms)}ms`
}

/** `bookstore.bookstore.svc.cluster.local`: the name that means one Service from everywhere. */
export function fullHost({ name, namespace }: ServiceName): string {
  return `${name}.${namespace}.svc.cluster.local`
}
