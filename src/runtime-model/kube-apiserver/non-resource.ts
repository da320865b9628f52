import type { EtcdResult } from '../api/etcd.ts'
import { noSuchResource, notModelled } from '../api/status.ts'
import { registry, type KindDefinition } from '../kinds/index.ts'
import type { ServedNames } from '../kinds/metrics.ts'
import { aggregatedKinds, notServed, remoteDiscovery } from './aggregation.ts'
import { answer, refuse } from './answers.ts'
import { customPathsOf, customSchemas, openApiDocument, openApiRoot } from './custom-resources/openapi.ts'
import { served } from './custom-resources/served.ts'
import { discoveryDocument, groupPaths } from './discovery.ts'
import { isConnected } from './connection.ts'
import { sendParked } from './etcd-client.ts'
import { healthAnswer, healthPaths, isHealthPath } from './health.ts'
import { metrics } from './metrics.ts'
import { builtInDocument } from './openapi/document.ts'
import { openApiV2 } from './openapi/v2.ts'
import { isServed, servesAll } from './older-versions.ts'
import type { Flight, Turn } from './state.ts'

/** Paths that are no resource's: health, version, discovery. Everything else is not there. */
const etcdCheckMs = 2000

export function beginPath(turn: Turn, flight: Flight): void {
  const path = flight.request.path!
  if (isHealthPath(path)) {
    // The check of etcd is a real read, with its own short patience.
    if (!isConnected(turn, 'health')) return answerHealth(turn, flight, false)
    return sendParked(turn, { ...flight, handler: 'path', phase: 'health', deadlineAt: turn.context.now + etcdCheckMs }, { op: 'revision' })
  }
  if (path === '/version' || path === '/version/') return answer(turn, flight, { code: 200, body: versionInfo(turn.options.version) })
  const isThere = servesAll(turn.options) ? undefined : (kind: ServedNames): boolean => isServed(turn.options, kind)
  const document = discoveryDocument(
    path, flight.request.query?.['aggregated'] === 'true', turn.options.bare ? '127.0.0.1:6443' : '172.18.0.2:6443',
    [...aggregatedKinds(turn), ...served(turn.state.cache).kinds], isThere,
    kind => served(turn.state.cache).byResource.get(`${kind.resource}.${kind.group}`)?.version ?? kind.version
  )
  const custom = served(turn.state.cache).kinds, openApi = path === '/openapi/v3' ? openApiRoot(groupPaths(isThere), custom) : openApiDocument(path, custom)
  if (openApi) return answer(turn, flight, { code: 200, body: openApi })
  if (path === '/openapi/v2') return answer(turn, flight, { code: 200, body: swagger(turn, custom, isThere) })
  if (path.startsWith('/openapi/v3/')) {
    const builtIn = builtInDocument(path.slice('/openapi/v3'.length), isThere ? registry.all.filter(isThere) : registry.all, turn.options.version)
    return answer(turn, flight, builtIn ? { code: 200, body: builtIn } : { code: 404, body: '' })
  }
  if (path === '/.well-known/openid-configuration') return answer(turn, flight, { code: 200, body: issuer(turn.options.bare ? '127.0.0.1' : '172.18.0.2') })
  if (path === '/metrics') return answer(turn, flight, { code: 200, body: metrics(turn) })
  if (unmodelled.has(path)) return refuse(turn, flight, notModelled(`${path} of an API server`))
  if (document) return answer(turn, flight, { code: 200, body: document })
  const remote = remoteDiscovery(turn, path)
  if (remote === 'unavailable') return notServed(turn, flight)
  if (remote) return answer(turn, flight, { code: 200, body: remote })
  if (path === '/' || path === '/index.html') {
    return answer(turn, flight, { code: 200, body: { paths: [...otherPaths, ...groupPaths(isThere), ...healthPaths(turn.options.bare)].sort() } })
  }
  // below /api, /version and groups that it has, the server answers in its own form
  if (/^\/(api\/|version)/.test(path) || groupPaths(isThere).some(group => path.startsWith(`${group}/`))) return refuse(turn, flight, noSuchResource({ group: '', resource: '' }))
  answer(turn, flight, { code: 404, body: '404 page not found\n' })
}

/** The document is large, and the same until definitions change. */
const swaggers = new WeakMap<object, any>()
function swagger({ options }: Turn, custom: readonly KindDefinition[], isThere?: (kind: ServedNames) => boolean): any {
  const known = isThere ? undefined : swaggers.get(custom), builtIn = registry.all.filter(kind => kind.schema === undefined && (isThere?.(kind) ?? true))
  const document = known ?? openApiV2(builtIn, { paths: customPathsOf(custom), schemas: customSchemas(custom) }, options.version)
  if (!isThere) swaggers.set(custom, document)
  return document
}

const otherPaths = [
  '/.well-known/openid-configuration', '/api', '/api/v1', '/apis', '/apis/', '/metrics', '/metrics/slis', '/openapi/v2', '/openapi/v3', '/openapi/v3/',
  '/openid/v1/jwks', '/version',
]

const unmodelled = new Set(['/metrics/slis', '/openid/v1/jwks'])
/** Source: pkg/serviceaccount/openidmetadata.go */
const issuer = (address: string): object => ({
  issuer: 'https://kubernetes.default.svc.cluster.local', jwks_uri: `https://${address}:6443/openid/v1/jwks`, response_types_supported: ['id_token'],
  subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
})

export function resumePath(turn: Turn, flight: Flight, result: EtcdResult | undefined): void { answerHealth(turn, flight, result?.ok === true) }

export function answerHealth(turn: Turn, flight: Flight, etcd: boolean): void {
  const { state: { servesSince }, context: { now }, options: { bare } } = turn, { path, query = {} } = flight.request
  answer(turn, flight, healthAnswer(path!, query, { etcd, servesMs: now - servesSince, bare }))
}

function versionInfo(version: string): any {
  const [major, minor] = version.split('.')
  return {
    major, minor, emulationMajor: major, emulationMinor: minor, minCompatibilityMajor: major, minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${version}`, gitTreeState: 'clean', compiler: 'gc', platform: 'linux/amd64',
  }
}
