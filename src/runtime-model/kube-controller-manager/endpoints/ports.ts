import type { KubeObject } from '../../api/request.ts'

/** The port of a pod that a Service's port leads to; undefined when the pod has none of that name. Source: pkg/api/v1/pod/util.go (FindPort) */
function targetPort(pod: KubeObject, port: any): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort
  const sidecars = (pod.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always')
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const p of container.ports ?? []) if (p.name === port.targetPort && (p.protocol ?? 'TCP') === (port.protocol ?? 'TCP')) return p.containerPort
  }
  return undefined
}

/** Ports of a Service as they are on a pod. */
export function portsOn(service: KubeObject, pod: KubeObject): readonly any[] {
  return (service.spec.ports ?? []).flatMap((port: any) => {
    const number = targetPort(pod, port)
    return number === undefined
      ? []
      : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...port.appProtocol ? { appProtocol: port.appProtocol } : undefined }]
  })
}
/** Neither succeeded nor failed, and with an address. Source: ShouldPodBeInEndpoints */
export const mayServe = (pod: KubeObject): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && (pod.status?.podIPs?.length > 0 || !!pod.status?.podIP)
/** Equal for equal ports, in any order. */
export const portKey = (ports: readonly any[] | null | undefined): string =>
  (ports ?? []).map(p => `${p.name ?? ''}/${p.protocol}/${p.port}/${p.appProtocol ?? ''}`).sort().join()
