import type { Rejection } from './admission.ts'

/**
 * What a machine with Linux does not do for a pod: kernel settings that may disturb others, and another operating system.
 * Source: pkg/kubelet/sysctl/{allowlist,safe_sysctls}.go, pkg/kubelet/lifecycle/predicate.go (rejectPodAdmissionBasedOnOSField);
 * https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls
 */
export function unsupported({ spec }: any): Rejection | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const why = refusal(name, spec)
    if (why) return { reason: 'SysctlForbidden', message: `forbidden sysctl: ${JSON.stringify(name)} ${why}` }
  }
  if (spec.os && spec.os.name !== 'linux') return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
  return undefined
}
function refusal(name: string, { hostNetwork, hostIPC }: any): string | undefined {
  if (!SAFE.has(name.replaceAll('/', '.'))) return 'not allowlisted'
  if (hostNetwork && name.startsWith('net')) return 'not allowed with host net enabled'
  return hostIPC && !name.startsWith('net') ? 'not allowed with host ipc enabled' : undefined
}
const SAFE: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  ...[
    'ip_local_port_range', 'tcp_syncookies', 'ping_group_range', 'ip_unprivileged_port_start', 'ip_local_reserved_ports', 'tcp_keepalive_time',
    'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes', 'tcp_rmem', 'tcp_wmem',
  ].map(name => `net.ipv4.${name}`),
])
