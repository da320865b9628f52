import { parse } from 'yaml'
import { createModelDriver, driverOver, type ModelDriver } from '../../src/drivers/model.ts'
import type { ModelOptions } from '../../src/runtime-model/cluster.ts'
import { registry } from '../../src/runtime-model/kinds/index.ts'
import { request } from '../../src/runtime-model/network/client.ts'
import type { Observation } from '../../src/runtime-model/kernel/observation.ts'

const identity = { credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl' }

/** A cluster of three workers in zones a, a and b whose network is looked at. Names may be said as `namespace/name`. */
export class Network {
  readonly driver: ModelDriver
  /** false: requests are sent and time stands still; nobody looks at their answers */
  waits = true
  constructor(options: ModelOptions | ModelDriver = {}) {
    const nodes = [{ name: 'worker-1', zone: 'a' }, { name: 'worker-2', zone: 'a' }, { name: 'worker-3', zone: 'b' }]
    this.driver = 'cluster' in options ? options : createModelDriver({ seed: 1, nodes, ...options })
  }
  fork(): Network { return new Network(driverOver(this.driver.cluster.fork())) }
  get now(): number { return this.driver.cluster.now }

  ask(verb: any, target: { readonly resource: string; readonly namespace?: string; readonly name?: string }, body?: any, rest: any = {}): any {
    if (!this.waits) return void this.driver.cluster.submit(request(identity, verb, target, { body, ...rest }))
    const { code, body: answer } = this.driver.cluster.request(request(identity, verb, target, { body, ...rest }))
    if (code >= 300 || code === 0) throw new Error(JSON.stringify(answer ?? code))
    return answer
  }
  /** Creates what YAML documents describe, in namespace default unless they say another. */
  apply(yaml: string): void {
    for (const text of yaml.split(/^---$/m)) {
      const object = parse(text)
      const kind = registry.all.find(k => k.kind === object.kind && (k.group === '' ? k.version : `${k.group}/${k.version}`) === object.apiVersion)!
      this.ask(
        'create',
        {
          resource: kind.group ? `${kind.resource}.${kind.group}` : kind.resource,
          namespace: kind.namespaced ? object.metadata.namespace ?? 'default' : undefined,
        },
        object
      )
    }
  }
  /** A pod `[namespace/]name` labelled app=NAME that runs at once. */
  pod(
    path: string, node: string | undefined, more: { readonly labels?: Readonly<Record<string, string>>; readonly spec?: any; readonly container?: any } = {}
  ): void {
    const [namespace, name] = split(path)
    const spec = {
      ...node
        ? { nodeName: node }
        : undefined, terminationGracePeriodSeconds: 5, ...more.spec, containers: [{ name: 'app', image: 'app:1', ...more.container }],
    }
    this.ask('create', { resource: 'pods', namespace }, {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { app: name, ...more.labels } }, spec,
    })
  }
  service(path: string, spec: any = {}): void {
    const [namespace, name] = split(path)
    this.ask('create', { resource: 'services', namespace }, {
      apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
    })
  }
  deployment(name: string, replicas: number, more: { readonly spec?: any; readonly pod?: any; readonly container?: any } = {}): void {
    const labels = { app: name }
    this.ask('create', { resource: 'deployments.apps', namespace: 'default' }, {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
      spec: {
        replicas, selector: { matchLabels: labels }, ...more.spec,
        template: { metadata: { labels }, spec: { ...more.pod, containers: [{ name: 'app', image: `${name}:1`, ...more.container }] } },
      },
    })
  }
  merge(resource: string, path: string, body: any): void {
    const [namespace, name] = split(path)
    this.ask(
      'patch', { resource, namespace: resource === 'nodes' || resource === 'namespaces' ? undefined : namespace, name }, body,
      { patchType: 'application/merge-patch+json' }
    )
  }
  delete(resource: string, path: string, body?: any): void { const [namespace, name] = split(path); this.ask('delete', { resource, namespace, name }, body) }
  image(deployment: string, image: string): void {
    this.ask(
      'patch', { resource: 'deployments.apps', namespace: 'default', name: deployment },
      { spec: { template: { spec: { containers: [{ name: 'app', image }] } } } }, { patchType: 'application/strategic-merge-patch+json' }
    )
  }

  pass(ms: number): this { this.driver.cluster.advance(ms); return this }
  /** `web-1 web-2` that a node's rules choose from; `none` where it has no rules for the Service. */
  endpoints(path: string, node: string, of: 'internal' | 'external' = 'internal'): string {
    const rules = this.driver.cluster.kernel.stateOf<any>(`kube-proxy/${node}`).rules.get(split(path).join('/'))
    return rules ? rules.ports[0][of].map((e: any) => e.pod ?? e.address).sort().join(' ') : 'none'
  }
  /** who answers a request, or why nobody does */
  reach(from: string | { readonly node: string }, to: { readonly service?: string; readonly pod?: string; readonly port?: number }): string {
    const [namespace, name] = typeof from === 'string' ? split(from) : ['default', undefined], [toNamespace, toName] = split(to.service ?? to.pod!)
    const answer = this.driver.reach({ namespace, ...typeof from === 'string' ? { pod: name } : from }, {
      namespace: toNamespace, port: to.port, ...to.service ? { service: toName } : { pod: toName },
    }) as any
    return answer.servedBy ?? answer.error
  }
  resolve(from: string | undefined, name: string): string {
    const [namespace, pod] = from === undefined ? ['default', undefined] : split(from), answer = this.driver.resolve(name, namespace, pod) as any
    return answer.error ?? answer.address
  }
  traffic(name: string, service: string, perSecond: number, more: any = {}): void {
    const [namespace, bare] = split(service), why = this.driver.operate('traffic-source', { name, namespace, service: bare, perSecond, ...more })
    if (why) throw new Error(why)
    this.pass(0)
  }
  counts(name: string) { return this.driver.traffic(name)! }
  seen(types: readonly Observation['type'][]): any[] {
    const all: any[] = []
    this.driver.observe(o => all.push({ ...o, at: o.at - this.driver.cluster.bootMs }), types)
    return all
  }
}
const split = (path: string): [string, string] => path.includes('/') ? path.split('/') as [string, string] : ['default', path]
