import type { KubeObject } from '../api/request.ts'
import type { ProxyConfig } from '../api/http-proxy.ts'
import type { Actor, Effect, Step, StepContext } from '../kernel/actor.ts'
import { eventStep, recordEvent } from '../network/events.ts'
import { hasSynced, informerStep, startInformers, store, type Delta } from '../network/informer.ts'
import { isOwn } from './classes.ts'
import { configFor } from './config.ts'
import { flagsOf } from './flags.ts'
import { settingsOf } from './settings.ts'
import { EMPTY, fresh, identity, INGRESS_NGINX_ID, watched, type ControllerState } from './state.ts'
import { publish, untilPublished } from './status.ts'

/**
 * The loop of ingress-nginx's controller: watches Ingresses and what they name, and tells nginx, at most every 3⅓ s (`--sync-rate-limit 0.3`). New
 * hosts, paths and certificates are in force at once (nginx is reloaded); other endpoints when the workers look again, once a second.
 * Approximate: the loops of all its pods are one, and a pod that starts has what the others have. Whether there is an nginx to ask is up to its pods.
 * Source: kubernetes/ingress-nginx internal/{ingress/controller/nginx.go,task/queue.go}, cmd/nginx/flags.go, rootfs/etc/nginx/lua/balancer.lua
 */
export const ingressNginx = (): Actor<ControllerState> => ({
  id: INGRESS_NGINX_ID, component: 'ingress-nginx', host: 'ingress-nginx', supervised: true,
  init: () => fresh(EMPTY),
  restart: state => fresh(state.config),
  step(state, input, context) {
    if (input.on === 'start') return { state: { ...state, ledSince: context.now }, effects: startInformers(state.informers, watched, identity, context) }
    if (input.on === 'timer' && input.key === 'sync') return sync({ ...state, pending: false }, context)
    if (input.on === 'timer' && input.key === 'workers') return state.next ? inForce({ ...state, next: undefined }, state.next) : { state, effects: [] }
    if (input.on === 'timer' && input.key === 'publish') return { state: { ...state, publishing: false }, effects: publish(state, own(state), context) }
    const informed = informerStep(state.informers, watched, identity, input, context)
    return informed.handled ? changed(state, informed.deltas, informed.effects, context) : { state, effects: eventStep(state.recorder, input, context).effects }
  },
})

const minSyncMs = 3334, workersMs = 1000

function changed(last: ControllerState, deltas: readonly Delta[], before: readonly Effect[], context: StepContext): Step<ControllerState> {
  const effects = [...before], state = configured(last, deltas)
  for (const delta of deltas) { note(state, delta); effects.push(...told(state, delta, context)) }
  if (deltas.length === 0 || !hasSynced(state.informers, watched)) return { state, effects }
  const publishMs = state.publishing ? undefined : untilPublished(state, own(state), context)
  const next = publishMs === undefined ? state : { ...state, publishing: true }
  if (publishMs !== undefined) effects.push({ do: 'timer', key: 'publish', afterMs: publishMs })
  if (next.pending || next.flags === last.flags && !deltas.some(d => d.key !== 'nodes' && d.key !== 'pods')) return { state: next, effects }
  const waitMs = next.lastSyncAt + minSyncMs - context.now
  if (waitMs > 0) return { state: { ...next, pending: true }, effects: [...effects, { do: 'timer', key: 'sync', afterMs: waitMs }] }
  const synced = sync(next, context)
  return { state: synced.state, effects: [...effects, ...synced.effects] }
}

const serviceLabel = 'kubernetes.io/service-name'
function note(state: ControllerState, { key, name, type, old, new: now }: Delta): void {
  const service = (now ?? old)!.metadata.labels?.[serviceLabel]
  if (key !== 'endpointslices' || service === undefined) return
  const of = `${(now ?? old)!.metadata.namespace}/${service}`, names = state.slices.get(of) ?? []
  if (type === 'DELETED') state.slices.set(of, names.filter(n => n !== name))
  else if (!names.includes(name)) state.slices.set(of, [...names, name])
}

function configured(state: ControllerState, deltas: readonly Delta[]): ControllerState {
  const configMap = deltas.findLast(d => d.key === 'configmaps' && d.new !== undefined)
  const settings = configMap ? settingsOf(configMap.name, configMap.new!.data) : state.settings
  const found = deltas.some(d => d.key === 'pods') ? flagsOf(state.informers) : state.flags
  return { ...state, settings, flags: JSON.stringify(found) === JSON.stringify(state.flags) ? state.flags : found }
}

/** `Scheduled for sync`, of an Ingress that is new or has changed in anything; and of the ConfigMap. Source: internal/ingress/controller/store/store.go */
function told(state: ControllerState, { key, name, type, old, new: now }: Delta, context: StepContext): Effect[] {
  if (key === 'configmaps' && now !== undefined && (!old || JSON.stringify(old.data) !== JSON.stringify(now.data))) {
    const reason = type === 'ADDED' ? 'CREATE' : 'UPDATE'
    return recordEvent(state.recorder, context, identity, { regarding: now, type: 'Normal', reason, message: `ConfigMap ${name}` })
  }
  if (key !== 'ingresses' || type === 'DELETED' || !isOwn(now!, classOf(state), state.flags.withoutClass)) return []
  return recordEvent(state.recorder, context, identity, { regarding: now!, type: 'Normal', reason: 'Sync', message: 'Scheduled for sync' })
}

const classOf = (state: ControllerState) => (name: string): KubeObject | undefined => store(state.informers, 'ingressclasses').get(`/${name}`)
const own = (state: ControllerState): readonly KubeObject[] =>
  store(state.informers, 'ingresses').sorted().map(([, i]) => i).filter(i => isOwn(i, classOf(state), state.flags.withoutClass))

function sync(state: ControllerState, context: StepContext): Step<ControllerState> {
  const slices = store(state.informers, 'endpointslices')
  const config = configFor(own(state), state.settings, state.flags, {
    service: key => store(state.informers, 'services').get(key), secret: key => store(state.informers, 'secrets').get(key),
    slices: key => (state.slices.get(key) ?? []).map(n => slices.get(n)).filter((s): s is KubeObject => s !== undefined),
  })
  const latest = state.next ?? state.config
  if (same(config, latest)) return { state, effects: [] }
  const next = { ...state, lastSyncAt: context.now }
  if (shape(config) !== shape(latest)) return inForce({ ...next, next: undefined }, config, state.next !== undefined)
  return { state: { ...next, next: config }, effects: [{ do: 'timer', key: 'workers', afterMs: workersMs - context.now % workersMs }] }
}

const same = (a: ProxyConfig, b: ProxyConfig): boolean => JSON.stringify(a) === JSON.stringify(b)
/** All that nginx is reloaded for: everything but endpoints. */
const shape = ({ servers }: ProxyConfig): string =>
  JSON.stringify(servers.map(s =>
    [
      s.host, s.certificate,
      s.locations.map(l =>
        [
          l.path, l.match, l.rewrite, l.toHttps, l.redirect, l.guard, l.sticky, l.hashBy, l.tries, l.waitsMs, 'service' in l.to ? l.to.service : l.to.status,
        ]),
    ]))

function inForce(state: ControllerState, config: ProxyConfig, waiting = false): Step<ControllerState> {
  const told: Effect = {
    do: 'record', observation: { type: 'httpProxy', proxy: config.name, hosts: config.servers.filter(s => s.locations.length > 0).map(s => s.host).join(' ') },
  }
  return { state: { ...state, config }, effects: [...waiting ? [{ do: 'cancel', key: 'workers' } as Effect] : [], told] }
}
