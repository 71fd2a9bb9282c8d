import type { KubeObject } from './helm.ts'

/** The pod templates of workloads, by `Kind name`. */
// biome-ignore lint/suspicious/noExplicitAny: pod specs are read as they come
export function podSpecs(objects: readonly KubeObject[]): Map<string, any> {
  return new Map(
    objects
      .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
      .map(object => [`${object.kind} ${object.metadata.name}`, object['spec'].template.spec])
  )
}

/**
 * What a pod does that the Pod Security Standard `restricted` forbids, in words; empty when nothing
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 */
// biome-ignore lint/suspicious/noExplicitAny: pod specs are read as they come
export function restrictedFaults(spec: any): string[] {
  const faults: string[] = []
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[host]) faults.push(host)
  const allowed = ['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret']
  for (const volume of spec.volumes ?? []) {
    const type = Object.keys(volume).find(key => key !== 'name') ?? 'none'
    if (!allowed.includes(type)) faults.push(`volume ${volume.name} of type ${type}`)
  }
  const pod = spec.securityContext ?? {}
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const own = container.securityContext ?? {}
    const say = (fault: string) => faults.push(`container ${container.name}: ${fault}`)
    if ((own.runAsNonRoot ?? pod.runAsNonRoot) !== true) say('may run as root')
    if ((own.runAsUser ?? pod.runAsUser) === 0) say('runs as root')
    if (own.allowPrivilegeEscalation !== false) say('may gain privileges')
    if (own.privileged) say('is privileged')
    if (!own.capabilities?.drop?.includes('ALL')) say('keeps capabilities')
    if (own.capabilities?.add?.length) say('adds capabilities')
    const profile = (own.seccompProfile ?? pod.seccompProfile)?.type
    if (!['RuntimeDefault', 'Localhost'].includes(profile)) say('has no seccomp profile')
  }
  return faults
}
