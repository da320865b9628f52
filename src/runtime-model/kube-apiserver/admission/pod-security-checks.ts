/**
 * The Pod Security Standards. A check answers undefined where it allows, else the reason and what is wrong where.
 * Source: k8s.io/pod-security-admission policy/check_*.go; order of the checks: policy/registry.go.
 */
export interface Violation { readonly reason: string; readonly detail: string }
export interface PodCheck {
  readonly level: 'baseline' | 'restricted'
  readonly check: (spec: any, metadata: any) => Violation | undefined
  readonly overrides?: string
  readonly id: string
}

const allContainers = (spec: any): readonly any[] => [...spec.initContainers ?? [], ...spec.containers ?? [], ...spec.ephemeralContainers ?? []]
const quoted = (names: readonly string[]): string => names.map(n => JSON.stringify(n)).join(', ')
const some = (word: string, names: readonly string[]): string => `${names.length === 1 ? word : `${word}s`} ${quoted(names)}`
const namesOf = (spec: any, bad: (container: any) => boolean): string[] => allContainers(spec).filter(bad).map(c => c.name)
const inContainers = (reason: string, detail: string, bad: (container: any) => boolean): PodCheck['check'] => spec => {
  const names = namesOf(spec, bad)
  return names.length > 0 ? { reason, detail: `${some('container', names)} ${detail}` } : undefined
}

const baselineCapabilities = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
]
const safeSysctls = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem',
]
const restrictedVolumes = ['name', 'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret', 'image']
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']

function hostNamespaces(spec: any): Violation | undefined {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter(f => spec[f])
  return shared.length > 0 ? { reason: 'host namespaces', detail: shared.map(f => `${f}=true`).join(', ') } : undefined
}
function hostPath(spec: any): Violation | undefined {
  const names = (spec.volumes ?? []).filter((v: any) => v.hostPath).map((v: any) => v.name)
  return names.length > 0 ? { reason: 'hostPath volumes', detail: some('volume', names) } : undefined
}
function hostPorts(spec: any): Violation | undefined {
  const bad = allContainers(spec).filter(c => c.ports?.some((p: any) => p.hostPort))
  const ports = [...new Set(bad.flatMap(c => c.ports.filter((p: any) => p.hostPort).map((p: any) => String(p.hostPort))))].sort()
  return bad.length > 0
    ? {
      reason: 'hostPort',
      detail: `${some('container', bad.map(c => c.name))} ${bad.length === 1 ? 'uses' : 'use'} hostPort${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`,
    }
    : undefined
}
/** Hosts of probes and hooks other than the pod's own. Source: policy/check_hostProbesAndhostLifecycle.go */
function probeHosts(spec: any): Violation | undefined {
  const hostsOf = (c: any): string[] => [c.livenessProbe, c.readinessProbe, c.startupProbe, c.lifecycle?.postStart, c.lifecycle?.preStop]
    .flatMap(handler => [handler?.httpGet?.host, handler?.tcpSocket?.host]).filter(host => host !== undefined && host !== '')
  const bad = allContainers(spec).filter(c => hostsOf(c).length > 0), hosts = [...new Set(bad.flatMap(hostsOf))].sort()
  return bad.length > 0
    ? {
      reason: 'probe or lifecycle host',
      detail: `${some('container', bad.map(c => c.name))} ${bad.length === 1 ? 'uses' : 'use'} probe or lifecycle ${some('host', hosts)}`,
    }
    : undefined
}
function addedCapabilities(allowed: readonly string[]): (spec: any) => { readonly names: string[]; readonly added: string[] } {
  return spec => {
    const over = (c: any): string[] => (c.securityContext?.capabilities?.add ?? []).filter((x: string) => !allowed.includes(x))
    return { names: namesOf(spec, c => over(c).length > 0), added: [...new Set(allContainers(spec).flatMap(over))].sort() }
  }
}
const beyondBaseline = addedCapabilities(baselineCapabilities), beyondRestricted = addedCapabilities(['NET_BIND_SERVICE'])
function baselineCaps(spec: any): Violation | undefined {
  const { names, added } = beyondBaseline(spec)
  return names.length > 0
    ? { reason: 'non-default capabilities', detail: `${some('container', names)} must not include ${quoted(added)} in securityContext.capabilities.add` }
    : undefined
}
function restrictedCaps(spec: any): Violation | undefined {
  const keep = namesOf(spec, c => !(c.securityContext?.capabilities?.drop ?? []).includes('ALL')), { names, added } = beyondRestricted(spec)
  const details: string[] = []
  if (keep.length > 0) details.push(`${some('container', keep)} must set securityContext.capabilities.drop=["ALL"]`)
  if (names.length > 0) details.push(`${some('container', names)} must not include ${quoted(added)} in securityContext.capabilities.add`)
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined
}
function sysctls(spec: any): Violation | undefined {
  const bad = (spec.securityContext?.sysctls ?? []).map((s: any) => s.name).filter((n: string) => !safeSysctls.includes(n))
  return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined
}
function unconfined(spec: any): Violation | undefined {
  const isBad = (context: any): boolean => context?.seccompProfile?.type === 'Unconfined', names = namesOf(spec, c => isBad(c.securityContext))
  const places = [...isBad(spec.securityContext) ? ['pod'] : [], ...names.length > 0 ? [some('container', names)] : []]
  return places.length > 0
    ? { reason: 'seccompProfile', detail: `${places.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"` }
    : undefined
}
function needsSeccomp(spec: any): Violation | undefined {
  const bad = unconfined(spec), given = (context: any): boolean => context?.seccompProfile?.type !== undefined
  if (bad || given(spec.securityContext)) return bad
  const names = namesOf(spec, c => !given(c.securityContext))
  return names.length > 0
    ? { reason: 'seccompProfile', detail: `pod or ${some('container', names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` }
    : undefined
}
function runAsNonRoot(spec: any): Violation | undefined {
  const details: string[] = [], explicit = namesOf(spec, c => c.securityContext?.runAsNonRoot === false), pod = spec.securityContext?.runAsNonRoot
  if (pod === false) details.push('pod must not set securityContext.runAsNonRoot=false')
  if (explicit.length > 0) details.push(`${some('container', explicit)} must not set securityContext.runAsNonRoot=false`)
  const silent = namesOf(spec, c => c.securityContext?.runAsNonRoot === undefined)
  if (pod === undefined && silent.length > 0) details.push(`pod or ${some('container', silent)} must set securityContext.runAsNonRoot=true`)
  return details.length > 0 ? { reason: 'runAsNonRoot != true', detail: details.join(' and ') } : undefined
}
function runAsUser(spec: any): Violation | undefined {
  const names = namesOf(spec, c => c.securityContext?.runAsUser === 0)
  const places = [...spec.securityContext?.runAsUser === 0 ? ['pod'] : [], ...names.length > 0 ? [some('container', names)] : []]
  return places.length > 0 ? { reason: 'runAsUser=0', detail: `${places.join(' and ')} must not set runAsUser=0` } : undefined
}
function volumeTypes(spec: any): Violation | undefined {
  const typeOf = (v: any): string | undefined => Object.keys(v).find(k => !restrictedVolumes.includes(k)), bad = (spec.volumes ?? []).filter(typeOf)
  const types = [...new Set<string>(bad.map(typeOf))].sort()
  return bad.length > 0
    ? {
      reason: 'restricted volume types',
      detail:
        `${some('volume', bad.map((v: any) => v.name))} ${bad.length === 1 ? 'uses' : 'use'} restricted volume type${types.length === 1 ? '' : 's'} ${quoted(types)}`,
    }
    : undefined
}
function seLinux(spec: any): Violation | undefined {
  const bad = [spec.securityContext, ...allContainers(spec).map(c => c.securityContext)].map(c => c?.seLinuxOptions).filter(
    o => o && (!seLinuxTypes.includes(o.type ?? '') || o.user || o.role)
  )
  const types = [...new Set(bad.map(o => o.type).filter(t => t && !seLinuxTypes.includes(t)))].sort()
  const texts = [
    ...types.length > 0 ? [`type${types.length === 1 ? '' : 's'} ${quoted(types)}`] : [], ...bad.some(o => o.user) ? ['user may not be set'] : [],
    ...bad.some(o => o.role) ? ['role may not be set'] : [],
  ]
  return bad.length > 0
    ? { reason: 'seLinuxOptions', detail: `pod or containers set forbidden securityContext.seLinuxOptions: ${texts.join('; ')}` }
    : undefined
}

export const podChecks: readonly PodCheck[] = [
  { id: 'capabilities_baseline', level: 'baseline', check: baselineCaps },
  { id: 'hostNamespaces', level: 'baseline', check: hostNamespaces },
  { id: 'hostPathVolumes', level: 'baseline', check: hostPath },
  { id: 'hostPorts', level: 'baseline', check: hostPorts }, { id: 'hostProbesAndHostLifecycle', level: 'baseline', check: probeHosts },
  {
    id: 'privileged', level: 'baseline',
    check: inContainers('privileged', 'must not set securityContext.privileged=true', c => c.securityContext?.privileged === true),
  },
  {
    id: 'procMount', level: 'baseline',
    check: inContainers('procMount', 'must not set securityContext.procMount to "Unmasked"', c => c.securityContext?.procMount === 'Unmasked'),
  },
  { id: 'seLinuxOptions', level: 'baseline', check: seLinux },
  { id: 'seccompProfile_baseline', level: 'baseline', check: unconfined },
  { id: 'sysctls', level: 'baseline', check: sysctls },
  {
    id: 'allowPrivilegeEscalation', level: 'restricted',
    check: inContainers(
      'allowPrivilegeEscalation != false', 'must set securityContext.allowPrivilegeEscalation=false', c => c.securityContext?.allowPrivilegeEscalation !== false
    ),
  },
  { id: 'capabilities_restricted', level: 'restricted', overrides: 'capabilities_baseline', check: restrictedCaps },
  { id: 'restrictedVolumes', level: 'restricted', overrides: 'hostPathVolumes', check: volumeTypes },
  { id: 'runAsNonRoot', level: 'restricted', check: runAsNonRoot },
  { id: 'runAsUser', level: 'restricted', check: runAsUser },
  { id: 'seccompProfile_restricted', level: 'restricted', overrides: 'seccompProfile_baseline', check: needsSeccomp },
]
const overridden = new Set(podChecks.flatMap(c => c.overrides ?? []))
const byLevel: Readonly<Record<string, readonly PodCheck[]>> = {
  privileged: [], baseline: podChecks.filter(c => c.level === 'baseline'), restricted: podChecks.filter(c => !overridden.has(c.id)),
}

export const violationsOf = (level: string, spec: any, metadata: any): readonly Violation[] =>
  (byLevel[level] ?? []).flatMap(c => c.check(spec, metadata) ?? [])
