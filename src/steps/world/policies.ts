import type { StepDefinition } from '../../extension.ts'
import { defineStep } from '../../extension.ts'
import { applied, labelsOf } from './workloads.ts'

const source = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies'
const nouns = ['networkpolicy', 'network policy']
const directions: Readonly<Record<string, readonly string[]>> = { ingress: ['Ingress'], egress: ['Egress'], traffic: ['Ingress', 'Egress'] }
/** with a name and without one, in the current namespace and in another */
const everyForm = (rest: string): readonly string[] =>
  nouns.flatMap(noun => [`${noun} {name} that ${rest}`, `${noun} that ${rest}`].flatMap(form => [form, `${form} in namespace {namespace}`]))

const denyAll = defineStep({
  id: 'policy-denies-all', kind: 'world', phrases: [...everyForm('denies/blocks all {direction}'), 'default deny network policy', 'default deny network policy in namespace {namespace}'],
  parameters: { name: 'namespace', direction: 'word', namespace: 'namespace' },
  doc: 'A NetworkPolicy for all pods of the namespace that lets nothing in (`ingress`), nothing out (`egress`), or neither (`traffic`); the default deny one is of ingress. Whether anybody enforces it is up to the CNI.',
  examples: ['network policy that denies all ingress', 'networkpolicy locked that denies all traffic in namespace shop', 'default deny network policy'], source,
  run(context, { direction = 'ingress', name = `deny-all-${direction}`, namespace }) {
    const policyTypes = directions[direction.toLowerCase()]
    if (!policyTypes) return { cannotRun: `a policy denies all ingress, all egress or all traffic, and not ${direction}` }
    return applied(context, {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, ...namespace ? { namespace } : {} }, spec: { podSelector: {}, policyTypes },
    })
  },
})
const allow = defineStep({
  id: 'policy-allows', kind: 'world',
  phrases: [...everyForm('allows (only) traffic/ingress from {from} to {to}'), ...everyForm('allows (only) traffic/ingress from {from} to {to} on port {port}')],
  parameters: { name: 'namespace', from: 'selector', to: 'selector', port: 'int', namespace: 'namespace' },
  doc: 'A NetworkPolicy that lets pods with some labels in to pods with others (of the same namespace), on one port or on all; these others are let in by nobody else then, unless another policy does.',
  examples: [
    'network policy that allows traffic from app=frontend to app=backend on port 8080', 'networkpolicy db that allows only ingress from app=api to app=db',
  ],
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  run(context, { from, to, port, namespace, name }) {
    const [sources, targets] = [labelsOf(from), labelsOf(to)]
    if (!sources || !targets) return { cannotRun: `a policy selects by key=value pairs, which ${sources ? to : from} is not` }
    const named = name ?? `allow-${Object.values(sources).join('-')}-to-${Object.values(targets).join('-')}`.toLowerCase()
    return applied(context, {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: named, ...namespace ? { namespace } : {} },
      spec: {
        podSelector: { matchLabels: targets }, policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: { matchLabels: sources } }], ...port === undefined ? {} : { ports: [{ port }] } }],
      },
    })
  },
})
export const policies: readonly StepDefinition[] = [denyAll, allow]
