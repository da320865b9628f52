import { PersistentMap } from '../../base/persistent-map.ts'
import type { ProxyConfig } from '../api/http-proxy.ts'
import type { Identity } from '../network/client.ts'
import { eventRecorder, type EventRecorder } from '../network/events.ts'
import { emptyInformers, type Informers, type Watched } from '../network/informer.ts'
import type { Flags } from './flags.ts'
import { NO_SETTINGS, type Settings } from './settings.ts'

export const INGRESS_NGINX_ID = 'ingress-nginx/controller', NAMESPACE = 'ingress-nginx', SERVICE = 'ingress-nginx-controller'
export const user = `system:serviceaccount:${NAMESPACE}:ingress-nginx`
export const identity: Identity = {
  credentials: { user, groups: ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`] }, userAgent: 'nginx-ingress-controller',
}
export const watched: readonly Watched[] = [
  { key: 'ingresses', resource: 'ingresses.networking.k8s.io' }, { key: 'ingressclasses', resource: 'ingressclasses.networking.k8s.io' },
  { key: 'services', resource: 'services' },
  { key: 'endpointslices', resource: 'endpointslices.discovery.k8s.io' }, { key: 'secrets', resource: 'secrets' }, { key: 'nodes', resource: 'nodes' },
  { key: 'configmaps', resource: 'configmaps', namespace: NAMESPACE, name: SERVICE }, { key: 'pods', resource: 'pods', namespace: NAMESPACE },
]

export interface ControllerState {
  readonly informers: Informers
  readonly recorder: EventRecorder
  /** `namespace/name` of a Service → names of its slices */
  readonly slices: PersistentMap<readonly string[]>
  /** of the ConfigMap as it was last seen: one that is deleted stays in force until the controller starts again */
  readonly settings: Settings
  readonly flags: Flags
  /** what every nginx acts on; the containers keep it while the controller's loop stands still */
  readonly config: ProxyConfig
  /** what its workers will have read within a second */
  readonly next?: ProxyConfig
  readonly lastSyncAt: number
  readonly pending: boolean
  /** virtual ms since when addresses are published once a minute */
  readonly ledSince: number
  readonly publishing: boolean
}

export const EMPTY: ProxyConfig = { name: 'ingress-nginx', servers: [] }
export const fresh = (config: ProxyConfig): ControllerState => ({
  informers: emptyInformers(watched), recorder: eventRecorder('nginx-ingress-controller'), slices: new PersistentMap(), settings: NO_SETTINGS, config,
  flags: { withoutClass: false, passthrough: false }, lastSyncAt: -Infinity,
  pending: false, ledSince: 0, publishing: false,
})
