/**
 * Fastify's `schemaController` for servers whose routes read their input themselves, in words for a person. Without it
 * Fastify loads a compiler of JSON Schema at each start, whether or not a route has one.
 */
export const WITHOUT_SCHEMAS = { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } }

function noSchemas(): never {
  throw new Error('expected no route to have a schema')
}
