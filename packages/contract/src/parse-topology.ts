import { isRecord } from './record.ts'
import type { Topology } from './topology.ts'

/**
 * Reads a topology from JSON (`{"workloads": […], "services": […]}`). Throws a TypeError that says which
 * field was expected to be what.
 */
export function parseTopology(json: string): Topology {
  const value = parseJson(json)
  if (!isRecord(value)) throw wrong('topology', 'an object', value)
  const workloads = members(value['workloads'], 'workloads').map((member, index) => {
    const place = `workloads[${index}]`
    return {
      name: text(member['name'], `${place}.name`),
      namespace: text(member['namespace'], `${place}.namespace`),
      serviceAccount: text(member['serviceAccount'], `${place}.serviceAccount`),
      labels: labels(member['labels'], `${place}.labels`),
      addresses: origins(member['addresses'] ?? [], `${place}.addresses`)
    }
  })
  const services = members(value['services'], 'services').map((member, index) => ({
    name: text(member['name'], `services[${index}].name`),
    namespace: text(member['namespace'], `services[${index}].namespace`),
    selector: labels(member['selector'], `services[${index}].selector`)
  }))
  return { workloads, services }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`topology: expected JSON, got ${JSON.stringify(text.slice(0, 40))}`, {
      cause
    })
  }
}

function members(value: unknown, place: string): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw wrong(place, 'a list', value)
  return value.map((member: unknown, index) => {
    if (!isRecord(member)) throw wrong(`${place}[${index}]`, 'an object', member)
    return member
  })
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(place, 'a text', value)
  return value
}

function labels(value: unknown, place: string): Readonly<Record<string, string>> {
  if (!isRecord(value)) throw wrong(place, 'an object of labels', value)
  return Object.fromEntries(Object.entries(value).map(([key, label]) => [key, text(label, `${place}.${key}`)]))
}

function origins(value: unknown, place: string): string[] {
  if (!Array.isArray(value)) throw wrong(place, 'a list of origins', value)
  return value.map((origin: unknown, index) => {
    const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : null
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw wrong(`${place}[${index}]`, 'an origin such as http://127.0.0.1:14001', origin)
    }
    return url.origin
  })
}

function wrong(place: string, expected: string, value: unknown): TypeError {
  return new TypeError(`topology: ${place}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}`)
}
