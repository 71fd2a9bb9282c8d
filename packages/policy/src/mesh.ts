import type { Topology } from '@bookstore/contract'
import type { PolicySet } from './model.ts'

/** What is declared, and what it is declared about: all that a decision about a request needs. */
export interface Mesh {
  readonly policies: PolicySet
  readonly topology: Topology
}
