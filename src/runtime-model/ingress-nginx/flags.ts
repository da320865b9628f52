import type { KubeObject } from '../api/request.ts'
import { store, type Informers } from '../network/informer.ts'

/** What the command line of the controller says, as far as it is modelled. Source: kubernetes/ingress-nginx docs/user-guide/cli-arguments.md */
export interface Flags {
  /** Ingresses of no class are its own too */
  readonly withoutClass: boolean
  /** the annotation `ssl-passthrough` has an effect */
  readonly passthrough: boolean
  /** why nothing is known of what the controller does */
  readonly unknown?: string
}

/** They change neither who is asked nor whether an answer comes back. */
const harmless = [
  'publish-service', 'election-id', 'election-ttl', 'controller-class', 'ingress-class', 'configmap', 'v', 'stderrthreshold', 'logtostderr',
  'validating-webhook', 'validating-webhook-certificate', 'validating-webhook-key', 'enable-metrics', 'metrics-per-host', 'healthz-port', 'health-check-path',
  'report-node-internal-ip-address', 'shutdown-grace-period', 'post-shutdown-grace-period', 'ingress-class-by-name', 'profiling',
]
const app = 'app.kubernetes.io/name', component = 'app.kubernetes.io/component'

/** Of the youngest of its pods, as all of them have the template's before long. */
export function flagsOf(informers: Informers): Flags {
  const pods = store(informers, 'pods').sorted().map(([, p]) => p).filter(({ metadata: { labels } }) =>
    labels?.[app] === 'ingress-nginx' && labels[component] === 'controller')
  const youngest = pods.reduce<KubeObject | undefined>(
    (a, b) => a === undefined || b.metadata.creationTimestamp! >= a.metadata.creationTimestamp! ? b : a, undefined
  )
  const args: readonly string[] = youngest?.spec.containers.find((c: any) => c.name === 'controller')?.args ?? []
  const said = args.filter(a => a.startsWith('-')).map(a => a.replace(/^--?/, '')).map(a => a.includes('=') ? a : `${a}=true`)
  const on = (flag: string): boolean => said.includes(`${flag}=true`)
  const odd = said.find(a => !harmless.includes(a.slice(0, a.indexOf('='))) && !/^(watch-ingress-without-class|enable-ssl-passthrough)=(true|false)$/.test(a))
  return {
    withoutClass: on('watch-ingress-without-class'), passthrough: on('enable-ssl-passthrough'),
    ...odd === undefined ? undefined : { unknown: `not modelled: --${odd} of ingress-nginx` },
  }
}
