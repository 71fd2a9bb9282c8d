import type { Split } from '@bookstore/contract'
import { type PolicyFile, splitIntoObjects } from '@bookstore/policy'
import type { PolicyFamily } from './steps.ts'

const NAMESPACE = 'bookstore'

/**
 * The policy that splits the bookstore by these shares, under the name that the course gives it, so that it replaces
 * the course's: a TrafficSplit, or for Istio a VirtualService with the DestinationRule of its subsets. Weights are
 * whole per cent. @throws RangeError for a share that would round to none
 */
export function splitFile(split: Split, family: PolicyFamily): PolicyFile {
  const weights = wholeWeights(split)
  const objects = family === 'smi' ? [trafficSplit(weights)] : istioSplit(weights)
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  const parts = splitIntoObjects({ name: 'the weights', text: JSON.stringify(list) }).objects
  return { name: 'the weights', text: parts.map(({ text }) => text).join('---\n') }
}

type Weights = readonly (readonly [version: string, weight: number])[]

function trafficSplit(weights: Weights): object {
  return {
    apiVersion: 'split.smi-spec.io/v1alpha2',
    kind: 'TrafficSplit',
    metadata: { name: 'bookstore-split', namespace: NAMESPACE },
    spec: { service: 'bookstore', backends: weights.map(([service, weight]) => ({ service, weight })) }
  }
}

function istioSplit(weights: Weights): readonly object[] {
  const api = 'networking.istio.io/v1'
  const subsets = weights.map(([version]) => subsetOf(version))
  const route = weights.map(([version, weight]) => ({
    destination: { host: 'bookstore', subset: subsetOf(version) },
    weight
  }))
  return [
    {
      apiVersion: api,
      kind: 'VirtualService',
      metadata: { name: 'bookstore-virtualservice', namespace: NAMESPACE },
      spec: { hosts: ['bookstore'], http: [{ route }] }
    },
    {
      apiVersion: api,
      kind: 'DestinationRule',
      metadata: { name: 'bookstore-destination', namespace: NAMESPACE },
      spec: {
        host: 'bookstore',
        subsets: subsets.map(name => ({ name, labels: { app: 'bookstore', version: name } }))
      }
    }
  ]
}

function subsetOf(version: string): string {
  return version.replace(/^bookstore-/, '')
}

// meshes take whole numbers, and Istio wants them to sum to 100: what rounding leaves over goes to the largest parts
function wholeWeights(split: Split): Weights {
  const parts = Object.entries(split).map(([version, share]) => ({
    version,
    whole: Math.floor(share * 100 + 1e-9),
    rest: (share * 100) % 1
  }))
  const missing = 100 - parts.reduce((sum, { whole }) => sum + whole, 0)
  const lucky = parts.toSorted((a, b) => b.rest - a.rest).slice(0, missing)
  return parts.map(part => {
    const weight = part.whole + (lucky.includes(part) ? 1 : 0)
    if (weight === 0 && part.rest > 0) throw new RangeError(`expected 0 or at least 1 % for ${part.version}`)
    return [part.version, weight]
  })
}
