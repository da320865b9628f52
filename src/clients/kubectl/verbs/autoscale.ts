import { failure } from '../errors.ts'
import { array, int, text } from '../flags.ts'
import { apiVersionOf, kindOf } from '../kinds.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { findObjects } from '../targets.ts'
import { throwAll } from '../errors.ts'
import { dryRun, files, output, type Verb } from '../verb.ts'

/** Makes a HorizontalPodAutoscaler. Source: kubectl pkg/cmd/autoscale/autoscale.go. */
export const autoscale: Verb = {
  flags: { ...files, ...output, ...dryRun, min: int('-1'), max: int('-1'), cpu: text(), memory: text(), 'cpu-percent': int('-1'), name: text(), 'field-manager': text(undefined, 'kubectl-autoscale'), metrics: array() },
  async run(session, flags) {
    const min = flags.int('min'), max = flags.int('max')
    if (!flags.given('max')) throw failure('required flag(s) "max" not set')
    if (max < 1) throw failure(`--max=MAXPODS is required and must be at least 1, max: ${max}`)
    if (max < min) throw failure(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`)
    const { items, errors } = await findObjects(session, flags, flags.args), kind = kindOf('horizontalpodautoscalers'), mode = dryRunOf(flags)
    const target = (value: string): object => value.endsWith('%') ? { type: 'Utilization', averageUtilization: Number(value.slice(0, -1)) } : { type: 'AverageValue', averageValue: value }
    const cpu = flags.text('cpu') || (flags.int('cpu-percent') > 0 ? `${flags.int('cpu-percent')}%` : '')
    const metrics = [['cpu', cpu], ['memory', flags.text('memory')]].filter(([, v]) => v).map(([name, value]) => ({ type: 'Resource', resource: { name, target: target(value) } }))
    for (const item of items) {
      const object = {
        apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: { name: flags.text('name') || item.name, namespace: item.namespace },
        spec: { scaleTargetRef: { apiVersion: apiVersionOf(item.kind), kind: item.kind.kind, name: item.name }, ...flags.int('min') > 0 ? { minReplicas: flags.int('min') } : {}, maxReplicas: flags.int('max'), ...metrics.length ? { metrics } : {} },
      }
      const made = mode === 'client' ? object : await session.send({ verb: 'create', ...session.of(kind, item.namespace), body: object, fieldManager: flags.text('field-manager'), ...mode === 'server' ? { dryRun: true } : {} })
      printDone(session, flags, { kind, object: made }, 'autoscaled', mode)
    }
    throwAll(errors)
  },
}
