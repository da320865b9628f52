import { ApiError, failure, throwAll } from '../errors.ts'
import { bool, int32, text } from '../flags.ts'
import { apiVersionOf, kindOf } from '../kinds.ts'
import { asTyped, withConfig } from '../create/typed.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { findObjects } from '../targets.ts'
import { dryRun, files, output, type Verb } from '../verb.ts'

/** Makes a HorizontalPodAutoscaler. Source: kubectl pkg/cmd/autoscale/autoscale.go. */
export const autoscale: Verb = {
  flags: {
    ...files, ...output, ...dryRun, min: int32('-1'), max: int32('-1'), cpu: text(), memory: text(),
    'cpu-percent': { ...int32('-1'), deprecated: "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU)." },
    name: text(), 'field-manager': text(undefined, 'kubectl-autoscale'), 'save-config': bool(),
  },
  async run(session, flags) {
    const min = flags.int('min'), max = flags.int('max')
    if (!flags.given('max')) throw failure('required flag(s) "max" not set')
    if (max < 1) throw failure(`--max=MAXPODS is required and must be at least 1, max: ${max}`)
    if (max < min) throw failure(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`)
    const { items, errors } = await findObjects(session, flags, flags.args), kind = kindOf('horizontalpodautoscalers'), mode = dryRunOf(flags)
    const target = (value: string): object =>
      value.endsWith('%') ? { type: 'Utilization', averageUtilization: Number(value.slice(0, -1)) } : { type: 'AverageValue', averageValue: value }
    const cpu = flags.text('cpu') || (flags.int('cpu-percent') > 0 ? `${flags.int('cpu-percent')}%` : '')
    const metrics = [['cpu', cpu], ['memory', flags.text('memory')]].filter(([, v]) => v).map(([name, value]) =>
      ({ type: 'Resource', resource: { name, target: target(value) } }))
    for (const item of items) {
      if (!item.kind.subresources?.scale) {
        throw failure(
          `cannot autoscale a ${item.kind.kind}: could not find scale subresource for ${item.kind.group}/${item.kind.version}, Resource=${item.kind.resource} in discovery information`
        )
      }
      const bare = {
        apiVersion: apiVersionOf(kind), kind: kind.kind,
        metadata: { name: flags.text('name') || item.name, ...mode === 'client' && !session.namespaceGiven ? {} : { namespace: item.namespace } },
        spec: {
          scaleTargetRef: { apiVersion: apiVersionOf(item.kind), kind: item.kind.kind, name: item.name },
          ...flags.int('min') > 0 ? { minReplicas: flags.int('min') } : {}, maxReplicas: flags.int('max'), ...metrics.length ? { metrics } : {},
        },
      }
      const object = flags.on('save-config') ? withConfig(session, kind, bare) : bare
      const made = mode === 'client'
        ? asTyped(kind, object)
        : await refusedAsV1(
          metrics,
          session.send({
            verb: 'create', ...session.of(kind, item.namespace), body: object, fieldManager: flags.text('field-manager'),
            ...mode === 'server' ? { dryRun: true } : {},
          })
        )
      printDone(session, flags, { kind, object: made }, 'autoscaled', mode)
    }
    throwAll(errors)
  },
}

/** What is refused as autoscaling/v2 is tried as v1, which knows nothing but a share of CPU. Source: autoscale.go (handleHPA). */
async function refusedAsV1(metrics: readonly any[], sending: Promise<any>): Promise<any> {
  try { return await sending } catch (error) {
    const plain = metrics.length === 1 && metrics[0].resource.name === 'cpu' && metrics[0].resource.target.type === 'Utilization'
    throw error instanceof ApiError && error.response.code !== 0 && !plain
      ? failure('failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input')
      : error
  }
}
