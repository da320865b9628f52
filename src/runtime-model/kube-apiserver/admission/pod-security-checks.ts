import { appArmor as armorPrefix } from '../../kinds/pod-spec/annotations.ts'
/**
 * The Pod Security Standards. A check answers undefined where it allows, else the reason and what is wrong where.
 * Source: k8s.io/pod-security-admission policy/check_*.go; order of the checks: policy/registry.go.
 */
export interface Violation { readonly reason: string; readonly detail: string }
export interface PodCheck {
  readonly level: 'baseline' | 'restricted'
  /** minor versions of the policy, and what is asked since */
  readonly since: Readonly<Record<number, Check>>
  readonly overrides?: string
  readonly id: string
}
type Check = (spec: any, metadata: any) => Violation | undefined

const allContainers = (spec: any): readonly any[] => [...spec.initContainers ?? [], ...spec.containers ?? [], ...spec.ephemeralContainers ?? []]
const quoted = (names: readonly string[]): string => names.map(n => `"${n}"`).join(', ')
const some = (word: string, names: readonly string[]): string => `${names.length === 1 ? word : `${word}s`} ${quoted(names)}`
const namesOf = (spec: any, bad: (container: any) => boolean): string[] => allContainers(spec).filter(bad).map(c => c.name)
const inContainers = (reason: string, detail: string, bad: (container: any) => boolean): Check => spec => {
  const names = namesOf(spec, bad)
  return names.length > 0 ? { reason, detail: `${some('container', names)} ${detail}` } : undefined
}

const baselineCapabilities = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
]
const sysctlsOf = (...more: readonly string[]): ReadonlySet<string> => new Set([
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start',
  ...more,
])
const reservedPorts = 'net.ipv4.ip_local_reserved_ports'
const keepAlive = ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes']
const restrictedVolumes = ['name', 'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret', 'image']
const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t']

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
const sysctls = (safe: ReadonlySet<string>): Check => spec => {
  const bad = (spec.securityContext?.sysctls ?? []).map((s: any) => s.name).filter((n: string) => !safe.has(n))
  return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined
}
/** `pod`, `container "a"`, `pod and containers "a", "b"`: whose security context is bad */
function settersOf(spec: any, bad: (context: any) => boolean): string[] {
  const names = namesOf(spec, c => bad(c.securityContext))
  return [...bad(spec.securityContext) ? ['pod'] : [], ...names.length > 0 ? [some('container', names)] : []]
}
function appArmor(spec: any, metadata: any): Violation | undefined {
  const typeOf = (context: any): string | undefined => context?.appArmorProfile?.type
  const isBad = (context: any): boolean => typeOf(context) !== undefined && !['RuntimeDefault', 'Localhost', ''].includes(typeOf(context)!)
  const setters = settersOf(spec, isBad), contexts = [spec.securityContext, ...allContainers(spec).map(c => c.securityContext)]
  const values = [...new Set(contexts.filter(isBad).map(c => typeOf(c)!))].sort()
  const annotations = Object.entries<string>(metadata?.annotations ?? {})
    .filter(([name, value]) => name.startsWith(armorPrefix) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`).sort()
  if (annotations.length > 0) setters.push(annotations.length === 1 ? 'annotation' : 'annotations')
  const all = [...values, ...annotations]
  return setters.length > 0
    ? {
      reason: `forbidden AppArmor profile${all.length === 1 ? '' : 's'}`,
      detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
    }
    : undefined
}
function hostProcess(spec: any): Violation | undefined {
  const setters = settersOf(spec, context => context?.windowsOptions?.hostProcess === true)
  return setters.length > 0
    ? { reason: 'hostProcess', detail: `${setters.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true` }
    : undefined
}
function unconfined(spec: any): Violation | undefined {
  const setters = settersOf(spec, context => context?.seccompProfile?.type === 'Unconfined')
  return setters.length > 0
    ? { reason: 'seccompProfile', detail: `${setters.join(' and ')} must not set securityContext.seccompProfile.type to "Unconfined"` }
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
  const reason = 'runAsNonRoot != true', setters = settersOf(spec, context => context?.runAsNonRoot === false)
  if (setters.length > 0) return { reason, detail: `${setters.join(' and ')} must not set securityContext.runAsNonRoot=false` }
  const silent = spec.securityContext?.runAsNonRoot ? [] : namesOf(spec, c => c.securityContext?.runAsNonRoot === undefined)
  return silent.length > 0 ? { reason, detail: `pod or ${some('container', silent)} must set securityContext.runAsNonRoot=true` } : undefined
}
function runAsUser(spec: any): Violation | undefined {
  const setters = settersOf(spec, context => context?.runAsUser === 0)
  return setters.length > 0 ? { reason: 'runAsUser=0', detail: `${setters.join(' and ')} must not set runAsUser=0` } : undefined
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
const seLinux = (allowed: readonly string[]): Check => spec => {
  const isBad = ({ type = '', user, role }: any): boolean => !allowed.includes(type) || user || role
  const contexts = [spec.securityContext, ...allContainers(spec).map(c => c.securityContext)]
  const setters = settersOf(spec, context => context?.seLinuxOptions !== undefined && isBad(context.seLinuxOptions))
  const bad = contexts.map(c => c?.seLinuxOptions).filter(o => o && isBad(o))
  const types = [...new Set(bad.map(o => o.type ?? '').filter(t => !allowed.includes(t)))].sort()
  const texts = [
    ...types.length > 0 ? [`type${types.length === 1 ? '' : 's'} ${quoted(types)}`] : [], ...bad.some(o => o.user) ? ['user may not be set'] : [],
    ...bad.some(o => o.role) ? ['role may not be set'] : [],
  ]
  return setters.length > 0
    ? { reason: 'seLinuxOptions', detail: `${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${texts.join('; ')}` }
    : undefined
}
/** Root of a user namespace is nobody outside. */
const unlessOwnUsers = (check: Check): Check => (spec, metadata) => spec.hostUsers === false ? undefined : check(spec, metadata)
/** What Linux knows, and Windows does not. */
const onLinux = (check: Check): Check => (spec, metadata) => spec.os?.name === 'windows' ? undefined : check(spec, metadata)
const escalation = inContainers(
  'allowPrivilegeEscalation != false', 'must set securityContext.allowPrivilegeEscalation=false', c => c.securityContext?.allowPrivilegeEscalation !== false
)
const procMount = inContainers('procMount', 'must not set securityContext.procMount to "Unmasked"', c => c.securityContext?.procMount === 'Unmasked')

export const podChecks: readonly PodCheck[] = [
  { id: 'appArmorProfile', level: 'baseline', since: { 0: appArmor } },
  { id: 'capabilities_baseline', level: 'baseline', since: { 0: baselineCaps } },
  { id: 'hostNamespaces', level: 'baseline', since: { 0: hostNamespaces } },
  { id: 'hostPathVolumes', level: 'baseline', since: { 0: hostPath } },
  { id: 'hostPorts', level: 'baseline', since: { 0: hostPorts } },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', since: { 34: probeHosts } },
  {
    id: 'privileged', level: 'baseline',
    since: { 0: inContainers('privileged', 'must not set securityContext.privileged=true', c => c.securityContext?.privileged === true) },
  },
  { id: 'procMount', level: 'baseline', since: { 0: procMount, 35: unlessOwnUsers(procMount) } },
  { id: 'seLinuxOptions', level: 'baseline', since: { 0: seLinux(seLinuxTypes), 31: seLinux([...seLinuxTypes, 'container_engine_t']) } },
  { id: 'seccompProfile_baseline', level: 'baseline', since: { 19: unconfined } },
  {
    id: 'sysctls', level: 'baseline', since: {
      0: sysctls(sysctlsOf()), 27: sysctls(sysctlsOf(reservedPorts)), 29: sysctls(sysctlsOf(reservedPorts, ...keepAlive)),
      32: sysctls(sysctlsOf(reservedPorts, ...keepAlive, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem')),
    },
  },
  { id: 'windowsHostProcess', level: 'baseline', since: { 0: hostProcess } },
  { id: 'allowPrivilegeEscalation', level: 'restricted', since: { 8: escalation, 25: onLinux(escalation) } },
  { id: 'capabilities_restricted', level: 'restricted', overrides: 'capabilities_baseline', since: { 22: restrictedCaps, 25: onLinux(restrictedCaps) } },
  { id: 'procMount_restricted', level: 'restricted', overrides: 'procMount', since: { 35: procMount } },
  { id: 'restrictedVolumes', level: 'restricted', overrides: 'hostPathVolumes', since: { 0: volumeTypes } },
  { id: 'runAsNonRoot', level: 'restricted', since: { 0: runAsNonRoot, 35: unlessOwnUsers(runAsNonRoot) } },
  { id: 'runAsUser', level: 'restricted', since: { 23: runAsUser, 35: unlessOwnUsers(runAsUser) } },
  { id: 'seccompProfile_restricted', level: 'restricted', overrides: 'seccompProfile_baseline', since: { 19: needsSeccomp, 25: onLinux(needsSeccomp) } },
]

/** `version`: `latest`, `v1.24`. A check that a version of the policy does not have yet overrides none. Source: policy/registry.go */
export function violationsOf(level: string, version: string, spec: any, metadata: any): readonly Violation[] {
  if (level === 'privileged') return []
  const minor = version === 'latest' ? Infinity : Number(version.slice(3))
  const asked = podChecks.filter(c => level === 'restricted' || c.level === 'baseline').map(({ id, overrides, since }) => {
    const from = Object.keys(since).map(Number).filter(m => m <= minor).sort((a, b) => a - b).at(-1)
    return { id, overrides, check: from === undefined ? undefined : since[from] }
  })
  const overridden = new Set(asked.filter(c => c.check).map(c => c.overrides))
  return asked.flatMap(c => overridden.has(c.id) ? [] : c.check?.(spec, metadata) ?? [])
}
