import { BOOKSTORE } from '@bookstore/contract'
import type { ShopperConfig } from '../config.ts'
import type { PolicySource } from '../policy-source.ts'
import { createLesson, type Lesson } from './lesson.ts'

/** The course for a buyer of the bookstore whose policies can be seen; undefined for everybody else. */
export function openLesson({ role, store, mesh }: ShopperConfig, source: PolicySource): Lesson | undefined {
  const { hand, apply, view } = source
  const { name, namespace } = store.service
  const isBookstore = name === BOOKSTORE.name && namespace === BOOKSTORE.namespace && store.path === undefined
  if (role !== 'bookbuyer' || hand === undefined || !isBookstore) return undefined
  return createLesson({ view, mesh, hand, apply })
}
