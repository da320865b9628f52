import { suggest } from '../../base/suggest.ts'
import type { Driver } from '../../drivers/driver.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { defineStep } from '../../extension.ts'
import { isOk } from '../../runtime-model/api/request.ts'
import { chosenOne } from '../objects.ts'
import type { ScenarioContext } from '../context.ts'
import { applied, labelsOf } from './workloads.ts'
import { bindingTo, line, say } from '../command.ts'
import { refusal } from '../outcome.ts'

/** how long the controllers may take to furnish a new namespace, ms */
const namespaceMs = 10_000
/** how long clients wait for a Service that answers on every node before they begin all the same, ms */
const servedMs = 10_000

/** Creates a namespace and waits until pods can be made in it: a ServiceAccount and the cluster's certificate. */
async function makeNamespace(context: ScenarioContext, name: string): Promise<StepOutcome> {
  const driver = context.driver()
  if (driver.stored('namespaces', '', name) === undefined) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
    const answer = await driver.request({
      verb: 'create', group: '', version: 'v1', resource: 'namespaces', body, credentials: context.credentials, userAgent: 'kubectl',
    })
    if (!isOk(answer)) return { failed: `namespace ${name} could not be created: ${answer.body?.message ?? `nobody answered (${answer.failure})`}` }
  }
  const furnished = (): boolean =>
    driver.stored('serviceaccounts', name, 'default') !== undefined && driver.stored('configmaps', name, 'kube-root-ca.crt') !== undefined
  const came = await driver.runUntil(furnished, driver.now() + namespaceMs)
  if (came !== 'done') return { failed: `namespace ${name} has no service account after ${namespaceMs / 1000} s: is kube-controller-manager running?` }
  context.namespace = name
}

const namespace = defineStep({
  id: 'namespace', kind: 'world', phrases: ['namespace {namespace}'],
  doc: 'Creates the namespace, unless it is there, and makes it the current one, which names without a namespace mean.',
  examples: ['namespace bookstore'],
  run: (context, { namespace: name }) => makeNamespace(context, name),
})
const useNamespace = defineStep({
  id: 'use-namespace', kind: 'world', phrases: ['I use namespace {namespace}'],
  doc: 'Makes a namespace the current one.',
  examples: ['I use namespace bookstore'],
  run(context, { namespace: name }) { context.namespace = name },
})
const manifest = defineStep({
  id: 'manifest', kind: 'world', phrases: ['the manifest {file} is applied'], parameters: { file: 'text' },
  doc: 'Applies a manifest, a file beside the feature file or under --manifests.',
  examples: ['the manifest "manifests/catalog.yaml" is applied'],
  run: (context, { file }) => say(context, line('kubectl', 'apply', '-f', file)),
})
const service = defineStep({
  id: 'service', kind: 'world',
  phrases: [
    'service {name} on port {port} for {selector}', 'service {name} on port {port} to port {target} for {selector}', 'service {name} on port {port}',
    'service {name} on port {port} to port {target}',
  ],
  parameters: { name: 'namespace', port: 'int', target: 'int' },
  doc: 'A ClusterIP Service in front of the pods with these labels (app=NAME where none are said).',
  examples: ['service catalog on port 80 for app=catalog', 'service catalog on port 80 to port 8080 for app=catalog'],
  run(context, { name, port, target, selector = `app=${name}` }) {
    const labels = labelsOf(selector)
    if (labels === undefined) return { cannotRun: `a Service selects by key=value pairs, which ${selector} is not` }
    const spec = { selector: labels, ports: [{ port, targetPort: target ?? port }] }
    return applied(context, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })
  },
})
const forms = (noun: string): readonly string[] =>
  [`${noun} on port {port} for {selector}`, `${noun} on port {port} to port {target} for {selector}`, `${noun} on port {port}`]
const typedService = defineStep({
  id: 'service-of-type', kind: 'world', parameters: { name: 'namespace', type: 'word', port: 'int', target: 'int' },
  phrases: [
    ...forms('service {name} of type {type}'), ...forms('NodePort/LoadBalancer/ClusterIP/headless service {name}'), 'headless service {name} for {selector}', 'headless service {name}',
  ],
  doc: 'A Service of another type, NodePort or LoadBalancer, or a headless one, which has no address of its own and names its pods (for a StatefulSet, called as it is).',
  examples: ['service web of type NodePort on port 80 for app=web', 'LoadBalancer service web on port 80', 'headless service db on port 5432 for app=db', 'headless service db'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types',
  run(context, { name, type: said, port, target, selector = `app=${name}` }, { text }) {
    const type = said ?? /\b(NodePort|LoadBalancer|ClusterIP|headless) service\b/i.exec(text)![1]
    const labels = labelsOf(selector), wanted = serviceTypes.find(t => t.toLowerCase() === (type as string).toLowerCase())
    if (labels === undefined) return { cannotRun: `a Service selects by key=value pairs, which ${selector} is not` }
    if (!wanted) return { cannotRun: `a Service is of type ${serviceTypes.slice(0, -1).join(', ')}, or headless, and not ${type}` }
    const ports = port === undefined ? {} : { ports: [{ port, targetPort: target ?? port }] }
    return applied(context, {
      apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: labels, ...wanted === 'headless' ? { clusterIP: 'None' } : { type: wanted }, ...ports },
    })
  },
})
const serviceTypes = ['ClusterIP', 'NodePort', 'LoadBalancer', 'headless']
/** Requests to a Service that is not there are lost, whatever happens: its name is misspelt. */
function noSuchService(driver: Driver, namespace: string | undefined, name: string): StepOutcome {
  if (driver.stored('services', namespace ?? '', name)) return undefined
  const [near] = suggest(name, driver.storedList('services', namespace).map(s => s.metadata.name), 1)
  return { cannotRun: `there is no service ${name} in namespace ${namespace} to send anything to${near ? `; did you mean ${near}?` : ''}` }
}
const clients = defineStep({
  id: 'traffic-source', kind: 'world', phrases: [
    'clients send {rate} request(s) per/a second to service {service} as {name}',
    'clients send {rate} request(s) per/a second that take {takes} to service {service} as {name}',
    'clients send {rate} request(s) per/a second over {connections} connection(s) to service {service} as {name}',
  ],
  parameters: { rate: 'int', takes: 'duration', connections: 'int', service: 'name', name: 'text' },
  doc:
    'Clients outside of the pods send requests to a Service at a steady rate, from when every node routes to it (or after 10 s); `traffic "NAME"` then speaks of what was served and lost. A request that takes its time is lost if the pod that works on it ends before it has answered; connections are kept open and stay with their pods until these end, whatever the rules say meanwhile.',
  examples: [
    'clients send 10 requests per second to service catalog as "shoppers"', 'clients send 10 requests per second that take 3s to service catalog as "uploads"',
    'clients send 10 requests per second over 4 connections to service catalog as "pool"',
  ],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow',
  async run(context, { rate, takes: takesMs, connections, service: to, name }) {
    if (connections === 0) return { cannotRun: 'nothing can be sent over 0 connections' }
    const driver = context.driver(), [namespace, service] = (to as string).includes('/') ? to.split('/') : [context.namespace, to]
    if (rate === 0) return { cannotRun: 'clients that send 0 requests per second send none' }
    const served = (): boolean => driver.storedList('nodes').every(n => {
      const answer = driver.reach({ namespace, node: n.metadata.name }, { namespace, service })
      return !(answer instanceof Promise) && answer.servedBy !== undefined
    })
    await driver.runUntil(served, driver.now() + servedMs)
    const nobody = noSuchService(driver, namespace, service)
    if (nobody) return nobody
    const why = driver.operate('traffic-source', { name, service, namespace, perSecond: rate, takesMs, connections })
    if (why) return refusal(why)
    await driver.advance(0)
  },
})
const podTraffic = defineStep({
  id: 'pod-traffic', kind: 'world',
  phrases: ['{pod} send(s) {rate} request(s) per second to service {service} as {name}', '{pod} send(s) {rate} request(s) per second to service {service}'],
  parameters: { pod: 'any-subject', rate: 'int', service: 'name', name: 'text' },
  doc:
    'A pod sends requests to a Service at a steady rate, from when its node routes to it (or after 10 s); `requests from pod NAME to service NAME` then speaks of what was served and lost.',
  examples: [
    'pod orders sends 10 requests per second to service catalog', 'pod of deployment orders sends 5 requests per second to service postgres as "queries"',
  ],
  async run(context, { pod, rate, service: to, name }) {
    const driver = context.driver(), found = chosenOne(context, pod, 'sends')
    if (!('type' in found)) return found
    if (rate === 0) return { cannotRun: 'a pod that sends 0 requests per second sends none' }
    const { name: from, namespace: own } = found.ref!, [namespace, service] = (to as string).includes('/') ? to.split('/') : [own, to]
    const served = (): boolean => {
      const answer = driver.reach({ namespace: own!, pod: from }, { namespace, service })
      return !(answer instanceof Promise) && answer.servedBy !== undefined
    }
    await driver.runUntil(served, driver.now() + servedMs)
    const nobody = noSuchService(driver, namespace, service)
    if (nobody) return nobody
    const why = driver.operate('traffic-source', { name: name ?? `${from} to ${service}`, service, namespace, pod: from, podNamespace: own, perSecond: rate })
    if (why) return refusal(why)
    await driver.advance(0)
  },
})
const choose = defineStep({
  id: 'choose', kind: 'world', phrases: ['{what} as {name}'], parameters: { what: 'any-subject', name: 'text' },
  doc: 'Chooses an object and binds it; `$NAME` then speaks of it.',
  examples: ['pod of deployment orders as "victim"', 'pod db-0 as "first"'],
  run(context, { what, name }) {
    const found = chosenOne(context, what, `is called "${name}"`)
    if (!('type' in found)) return found
    const bound = bindingTo({ ...found.object, apiVersion: found.object.apiVersion, kind: found.object.kind ?? found.ref?.kind })
    if (bound) context.bindings.set(name, bound)
  },
})

export const objects: readonly StepDefinition[] = [namespace, useNamespace, manifest, service, typedService, clients, podTraffic, choose]
