import type { BoundStep } from '../dsl/bind.ts'
import { objectsOf, told } from './made.ts'
import { once, outcomeIsSpokenOf, type Rule } from './rule.ts'

/**
 * A probe of a port that its container does not declare, though it declares others. Nobody need listen there, while a probe tells the model of a port as well
 * as a declaration does, so that no run would show the mistake.
 */
export const probePortUndeclared: Rule = {
  check: linted => once(linted.scenarios.flatMap(({ steps, file }) => steps.flatMap((step, at) => outcomeIsSpokenOf(steps, at) || saysListens(steps)
    ? []
    : objectsOf(step, linted).flatMap(made => problemsOf(made.object).map(message => told('probe-port-undeclared', message, { ...made, file })))))),
}

/** Does an `image "…":` of the scenario say what it listens on? */
const saysListens = (steps: readonly BoundStep[]): boolean =>
  steps.some(({ argument: { docString, table } }) => docString?.content.includes('listens') || table?.some(row => row.includes('listens')))
const probes = ['startupProbe', 'livenessProbe', 'readinessProbe']
function problemsOf(object: any): string[] {
  const pod = object?.kind === 'Pod' ? object : object?.spec?.jobTemplate?.spec?.template ?? object?.spec?.template
  const containers: readonly any[] = Array.isArray(pod?.spec?.containers) ? pod.spec.containers : []
  return JSON.stringify(pod?.metadata?.annotations ?? {}).includes('listens') ? [] : containers.flatMap(container => probes.flatMap(kind => {
    const probe = container?.[kind], port = (probe?.httpGet ?? probe?.tcpSocket ?? probe?.grpc)?.port
    const declared: readonly any[] = Array.isArray(container?.ports) ? container.ports : []
    if (port === undefined || declared.length === 0 || declared.some(d => d?.containerPort === port || d?.name === port)) return []
    const ports = declared.map(d => d?.name ? `${d.containerPort} (${d.name})` : String(d?.containerPort)).join(', ')
    return [`the ${kind} of container ${container.name} asks at port ${port}, and it declares ${ports}: say \`listens\` of its image if nobody listens there`]
  }))
}
