import type { MeshConfig, ObjectRef } from '../model.ts'
import { at, booleanOf, expectFields, type Field, isSet, listOf } from './field.ts'

const trafficFields = ['enableEgress', 'enablePermissiveTrafficPolicyMode']
const exclusions = [
  'outboundIPRangeExclusionList',
  'outboundIPRangeInclusionList',
  'outboundPortExclusionList',
  'inboundPortExclusionList',
  'networkInterfaceExclusionList'
]

/**
 * config.openservicemesh.io MeshConfig. What concerns sidecars, certificates, logs and features changes no
 * decision and may stand there; what takes traffic out of the mesh would, and is refused unless empty.
 */
export function readMeshConfig(ref: ObjectRef, spec: Field): MeshConfig {
  expectFields(spec, ['traffic', 'sidecar', 'observability', 'certificate', 'featureFlags'])
  const traffic = at(spec, 'traffic')
  expectFields(traffic, [...trafficFields, ...exclusions, 'inboundExternalAuthorization'])
  for (const name of exclusions) {
    const list = at(traffic, name)
    if (listOf(list).length > 0) list.context.report(list.path, `${name} is not modelled; expected it empty`)
  }
  const external = at(at(traffic, 'inboundExternalAuthorization'), 'enable')
  if (external.value === true) {
    external.context.report(external.path, 'external authorization is not modelled; expected false')
  }
  const egress = at(traffic, 'enableEgress')
  return {
    ref,
    permissive: booleanOf(at(traffic, 'enablePermissiveTrafficPolicyMode')),
    egress: isSet(egress) ? booleanOf(egress) : null,
    retries: at(at(spec, 'featureFlags'), 'enableRetryPolicy').value === true
  }
}
