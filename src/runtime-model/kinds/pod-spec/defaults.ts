import { change, changeAll, fill, fillPointers } from '../meta/fill.ts'
import { defaultPodResources } from './pod-resources.ts'

/**
 * Defaults of a PodSpec, in pods and in templates. Objects that have them already come back as they are.
 * Source: pkg/apis/core/v1/defaults.go (SetDefaults_PodSpec, _Container, _Probe, _HTTPGetAction, _Volume …) and, for serviceAccount, conversion.go.
 */
export function defaultPodSpec(spec: any): any {
  let s = fill(spec, podSpecDefaults)
  if (s.serviceAccountName && s.serviceAccount !== s.serviceAccountName) s = { ...s, serviceAccount: s.serviceAccountName }
  else if (!s.serviceAccountName && s.serviceAccount) s = { ...s, serviceAccountName: s.serviceAccount }
  s = change(s, 'containers', list => changeAll(list, defaultContainer))
  s = change(s, 'initContainers', list => changeAll(list, defaultContainer))
  s = change(s, 'ephemeralContainers', list => changeAll(list, defaultContainer))
  return change(s, 'volumes', list => changeAll(list, defaultVolume))
}
const podSpecDefaults = {
  restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler',
}

/**
 * Only pods, not templates: service links, requests that follow limits, ports of the host's network. Source: SetDefaults_Pod, SetDefaults_PodSpec
 * (DefaultHostNetworkHostPortsInPodTemplates).
 */
export function defaultPod(pod: any): any {
  return change(pod, 'spec', spec => {
    let s = defaulted.get(spec)
    if (s === undefined) {
      s = defaultPodSpec(spec)
      if (s.enableServiceLinks === undefined) s = { ...s, enableServiceLinks: true }
      s = change(s, 'containers', list => changeAll(list, requestsFromLimits))
      s = change(s, 'initContainers', list => changeAll(list, requestsFromLimits))
      if (s.resources) s = defaultPodResources(s)
      if (s.hostNetwork) for (const field of ['containers', 'initContainers']) s = change(s, field, list => changeAll(list, withHostPorts))
      defaulted.set(spec, s).set(s, s)
    }
    return s
  })
}
/** Specs are never changed in place, and a template's is the spec of many pods. */
const defaulted = new WeakMap<object, any>()
export const defaultTemplate = (template: any): any => change(template, 'spec', defaultPodSpec)

function requestsFromLimits(container: any): any {
  const limits = container.resources?.limits
  if (!limits) return container
  const requests = container.resources.requests ?? {}, missing = Object.keys(limits).filter(r => requests[r] === undefined)
  if (missing.length === 0) return container
  return { ...container, resources: { ...container.resources, requests: { ...requests, ...Object.fromEntries(missing.map(r => [r, limits[r]])) } } }
}

const containerDefaults = { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }
const portDefaults = { protocol: 'TCP' }
function defaultContainer(container: any): any {
  let c = fill(container, containerDefaults)
  if (!c.imagePullPolicy) c = { ...c, imagePullPolicy: pullPolicyOf(c.image) }
  c = change(c, 'ports', list => changeAll(list, port => fill(port, portDefaults)))
  for (const probe of probes) c = change(c, probe, defaultProbe)
  c = change(c, 'lifecycle', l => change(change(l, 'postStart', defaultHandler), 'preStop', defaultHandler))
  return change(c, 'env', list => changeAll(list, variable => change(variable, 'valueFrom', source => change(source, 'fieldRef', defaultFieldRef))))
}
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe']
const withHostPorts = (container: any): any =>
  change(container, 'ports', list => changeAll(list, port => port.hostPort ? port : { ...port, hostPort: port.containerPort }))

/** `Always` for `:latest` or no tag (and no digest), else `IfNotPresent`, also for what is no image name. */
export function pullPolicyOf(image: string | undefined): 'Always' | 'IfNotPresent' {
  if (!image || image.includes('@') || !imageName.test(image) || image.length > 237) return 'IfNotPresent'
  const name = image.slice(image.lastIndexOf('/') + 1), colon = name.lastIndexOf(':')
  return colon < 0 || name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent'
}

// host[:port]/path[:tag], see github.com/distribution/reference
const imageName =
  /^(?:[A-Za-z0-9][-.A-Za-z0-9]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?$/

// A zero in these fields means unset, as Go cannot tell the two apart.
const probeDefaults: Readonly<Record<string, number>> = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }
function defaultProbe(probe: any): any {
  let p = probe
  for (const field in probeDefaults) if (!p[field]) p = { ...p, [field]: probeDefaults[field] }
  p = defaultHandler(p)
  return change(p, 'grpc', grpc => grpc.service === undefined || grpc.service === null ? { ...grpc, service: '' } : grpc)
}
const httpDefaults = { path: '/', scheme: 'HTTP' }
const defaultHandler = (handler: any): any => change(handler, 'httpGet', http => fill(http, httpDefaults))
const fieldRefDefaults = { apiVersion: 'v1' }
const defaultFieldRef = (ref: any): any => fill(ref, fieldRefDefaults)

const modeDefaults = { defaultMode: 420 }
const withMode = (source: any): any => fill(source, modeDefaults)
const withItems = (source: any): any => change(source, 'items', list => changeAll(list, item => change(item, 'fieldRef', defaultFieldRef)))
function defaultVolume(volume: any): any {
  const source = volumeSource(volume)
  switch (source) {
    case undefined: return { ...volume, emptyDir: {} }
    case 'secret': case 'configMap': return change(volume, source, withMode)
    case 'downwardAPI': return change(volume, source, v => withItems(withMode(v)))
    case 'projected': return change(volume, source, v => change(withMode(v), 'sources', list => changeAll(list, defaultProjection)))
    case 'hostPath': return change(volume, source, v => v.type === undefined ? { ...v, type: '' } : v)
    case 'ephemeral': return change(volume, source, v => change(v, 'volumeClaimTemplate', t => change(t, 'spec', spec => fillPointers(spec, claimDefaults))))
    case 'image': return change(volume, source, v => v.pullPolicy ? v : { ...v, pullPolicy: pullPolicyOf(v.reference) })
    default: return defaultSource(volume, source)
  }
}
/** Sources of pods and of PersistentVolumes. Source: SetDefaults_ISCSIVolumeSource, _RBDVolumeSource, _AzureDiskVolumeSource, _ScaleIOVolumeSource */
const sourceDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  iscsi: { iscsiInterface: 'default' }, rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
}
export const defaultSource = (holder: any, source: string): any => {
  const defaults = sourceDefaults[source]
  return defaults ? change(holder, source, v => fill(v, defaults)) : holder
}
const claimDefaults = { volumeMode: 'Filesystem' }
/** the first source a volume has */
export function volumeSource(volume: any): string | undefined {
  for (const key in volume) if (key !== 'name' && volume[key] !== undefined && volume[key] !== null) return key
  return undefined
}
const tokenDefaults = { expirationSeconds: 3600 }
const defaultProjection = (source: any): any => change(change(source, 'serviceAccountToken', t => fill(t, tokenDefaults)), 'downwardAPI', withItems)
