import { mapSelects } from '../runtime-model/api/selectors.ts'
import { objectsOf, told } from './made.ts'
import { once, outcomeIsSpokenOf, type Rule } from './rule.ts'

/**
 * A Service that sends to a port which the containers behind it do not declare, though they declare others: in a cluster nobody need listen there, while an
 * image of which nothing is said answers wherever a Service sends, so that no run would show it. Looked at among the manifests of a scenario.
 */
export const targetPortUndeclared: Rule = {
  check: linted => once(linted.scenarios.flatMap(({ steps, file }) => {
    const made = steps.flatMap((step, at) => outcomeIsSpokenOf(steps, at) ? [] : objectsOf(step, linted)), pods = made.flatMap(m => podsOf(m.object))
    return made.flatMap(({ object, step, source }) => problemsOf(object, pods).map(message => told('target-port-undeclared', message, { step, source, file })))
  })),
}

interface Pods { readonly namespace: string; readonly labels: Readonly<Record<string, string>>; readonly ports: readonly any[] }
const namespaceOf = (object: any): string => object?.metadata?.namespace ?? ''
/** What a manifest says of pods: itself, or its template; nothing if a container declares no port, as nobody knows what that one listens on. */
function podsOf(object: any): Pods[] {
  const pod = object?.kind === 'Pod' ? object : object?.spec?.template, containers: readonly any[] = pod?.spec?.containers ?? []
  const ports = containers.map(c => c?.ports ?? [])
  if (ports.length === 0 || ports.some(list => !Array.isArray(list) || list.length === 0)) return []
  return [{ namespace: namespaceOf(object), labels: pod.metadata?.labels ?? {}, ports: ports.flat() }]
}

function problemsOf(object: any, pods: readonly Pods[]): string[] {
  const { selector, ports } = object?.spec ?? {}
  if (object?.kind !== 'Service' || !selector || !Array.isArray(ports)) return []
  const behind = pods.filter(p => p.namespace === namespaceOf(object) && mapSelects(selector, p.labels))
  if (behind.length === 0) return []
  return ports.flatMap(({ port, targetPort: target = port }) => {
    if (behind.some(p => p.ports.some(declared => declared?.containerPort === target || declared?.name === target))) return []
    const declared = [...new Set(behind.flatMap(p => p.ports.map(d => d?.name ? `${d.containerPort} (${d.name})` : String(d?.containerPort))))]
    return [`service ${object.metadata?.name} sends to port ${target}, and the containers behind it declare ${declared.join(', ')}`]
  })
}
