import type { Snapshot } from '@bookstore/contract'

/** The mesh's door in the picture. */
export interface Door {
  readonly isOpen: boolean
  /** What it is, or the policy that closes it: a kind and a name, each short enough for the picture. */
  readonly lines: readonly string[]
}

const LONGEST = 20

/** Whether the door is open to this shopper, and what closes it. */
export function doorOf({ policies, health, access, mesh }: Snapshot): Door {
  const isOpen = policies.denial === null && !(health.denied > 0 && health.bought === 0) && access.expected !== 'denied'
  if (isOpen) return { isOpen, lines: [policies.kind === 'none' && mesh === null ? 'no mesh seen' : 'mesh: open'] }
  return {
    isOpen,
    lines: closedBy(policies).map(text => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text))
  }
}

// the policy that the denial names, else the switch that denies what nothing allows
function closedBy({ denial, inForce }: Snapshot['policies']): readonly string[] {
  const named =
    /(?<!\bno )\b(TrafficTarget|AuthorizationPolicy|TrafficSplit|VirtualService) (?!has\b)([\w./-]*\w)/i.exec(
      denial ?? ''
    )
  const mode = inForce.map(line => /^Permissive mode is off \((MeshConfig) ([\w./-]+)\)/.exec(line)).find(Boolean)
  const [, kind, name] = named ?? mode ?? []
  if (kind === undefined || name === undefined) return [denial === null ? 'closed' : 'closed: no policy']
  return [kind, name.replace(/^.*\//, '')]
}
