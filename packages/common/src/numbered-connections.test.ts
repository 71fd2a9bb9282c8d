import { expect, test } from 'vitest'
import { connectionIn } from './numbered-connections.ts'

test.each([null, undefined, {}])('an answer that no connection carried (context %j) names none', context => {
  expect(connectionIn(context)).toBeUndefined()
})
