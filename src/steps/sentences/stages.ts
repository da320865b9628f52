import type { ComponentSubject } from '../../dsl/step-ast.ts'
import { suggest } from '../../base/suggest.ts'
import { diagnose, stages } from '../../assertions/stages.ts'
import { isNobody } from '../../assertions/mentions.ts'
import type { Diagnosis, Stage } from '../../assertions/stages.ts'
import { controlPlaneComponents, labelOf, processesOf, resolveObject } from '../../assertions/subjects/index.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { ScenarioContext } from '../context.ts'

/** what authors may call a stage besides its name */
const alsoCalled: Readonly<Record<string, Stage>> = {
  controller: 'controllers', 'image pull': 'image', pulling: 'image', 'pulling the image': 'image', kubelet: 'starting', sandbox: 'starting', start: 'starting',
  running: 'container', 'container start': 'container', ready: 'readiness', admission: 'storage', request: 'storage',
}
const stuckStage = defineStep({
  id: 'stuck-stage', kind: 'sentence', phrases: ['the stuck stage of {what} is {stage}'], parameters: { what: 'subject', stage: 'text' },
  doc: `Where a pod or workload has got stuck on its way: ${Object.keys(stages).join(', ')}.`,
  examples: ['the stuck stage of pod catalog is "scheduling"', 'the stuck stage of deployment catalog is "controllers"'],
  source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  run(context, { what, stage }): StepOutcome {
    const wanted = stage in stages ? stage as Stage : alsoCalled[stage.toLowerCase()]
    if (!wanted) {
      return {
        cannotRun:
          `no stage is called "${stage}"; there are ${Object.keys(stages).join(', ')}${suggest(stage, Object.keys(stages)).length ? `: did you mean ${suggest(stage, Object.keys(stages))[0]}?` : ''}`,
      }
    }
    const place = { driver: context.driver(), context }, subject = resolveObject(what, place), found = diagnose(subject, place)
    if (isNobody(what, place)) return { vacuous: `there never was a ${subject.label}, and no other step speaks of it` }
    if (!found) return { failed: `${subject.label} is not stuck at any stage` }
    context.kept.set('stuck-stage', found)
    if (found.stage !== wanted) return { failed: `${subject.label} is stuck at "${found.stage}": ${found.why.at(-1)}`, notes: found.why.slice(0, -1) }
  },
})
const atFault = defineStep({
  id: 'component-at-fault', kind: 'sentence', phrases: ['the component at fault is {component}'],
  doc:
    'Whose work has come to a stop: the component of the stage that was found stuck (or one that it cannot work without), else the one component that is down.',
  examples: ['the component at fault is kube-scheduler', 'the component at fault is the kubelet on worker-1'],
  source: 'https://kubernetes.io/docs/concepts/overview/components/',
  run(context, { component }): StepOutcome {
    // who is not there is a mistake of the author's
    processesOf(component, { driver: context.driver(), context })
    const wanted = component as ComponentSubject, found = context.kept.get('stuck-stage') as Diagnosis | undefined ?? onlyOneDown(context)
    if (!found) return { failed: 'no component is at fault: all of them are up, and nothing was found stuck' }
    const all = context.driver().components().filter(c => controlPlaneComponents.includes(c.component))
    const whole = wanted.component === 'control plane' && controlPlaneComponents.includes(found.component) && all.every(c => c.state !== 'up')
    if (!whole && (found.component !== wanted.component || (wanted.node !== undefined && found.node !== undefined && wanted.node !== found.node))) {
      return { failed: `the component at fault is ${found.component}${found.node ? ` on ${found.node}` : ''}, not ${labelOf(wanted)}`, notes: found.why }
    }
  },
})
function onlyOneDown(context: ScenarioContext): Pick<Diagnosis, 'component' | 'node' | 'why'> | undefined {
  const down = context.driver().components().filter(c => c.state !== 'up')
  // etcd and kube-apiserver come first: without them nobody else can work
  const [first] = [...down].sort((a, b) => order(a.component) - order(b.component))
  return first
    && {
      component: first.component, ...(first.component === 'kubelet' || first.component === 'kube-proxy' ? { node: first.node } : {}),
      why: down.map(c => `${c.component} on ${c.node} is ${c.state}`),
    }
}
const order = (component: string): number => { const at = ['etcd', 'kube-apiserver'].indexOf(component); return at < 0 ? 2 : at }

export const stuckStages: readonly StepDefinition[] = [stuckStage, atFault]
