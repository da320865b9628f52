import { mustBeAble } from '../../drivers/driver.ts'
import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import { actorName } from '../../assertions/narrate.ts'
import { moment } from '../../base/clock.ts'

const source = 'https://kubernetes.io/docs/concepts/architecture/control-plane-node-communication/'

const onlyApiServer = defineStep({
  id: 'only-api-server-talks-to-etcd', kind: 'sentence', phrases: ['only kube-apiserver has talked to etcd', 'only kube-apiserver talks to etcd'], source,
  doc: 'No process but kube-apiserver has sent a request to etcd; the operator\'s etcdctl on an etcd machine is told apart.',
  examples: ['only kube-apiserver has talked to etcd'],
  run(context): StepOutcome {
    mustBeAble(context.driver(), 'calls')
    let asked = 0
    for (const o of context.driver().history()) {
      if (o.type !== 'etcd') continue
      asked++
      if (!o.actor.startsWith('kube-apiserver') && !o.actor.startsWith('etcdctl')) {
        return { failed: `${actorName(o.actor)} asked etcd to ${o.operation} ${o.key ?? ''} at ${moment(o.at)}` }
      }
    }
    if (asked === 0) return { vacuous: 'nobody has talked to etcd in this scenario' }
  },
})
const noCalls = defineStep({
  id: 'no-component-calls-another', kind: 'sentence',
  phrases: ['no component has called another except kube-apiserver', 'no component calls another except kube-apiserver'], source,
  doc: 'Every request of a component went to kube-apiserver (and its own to etcd); a kubelet and the runtime of its node are one.',
  examples: ['no component has called another except kube-apiserver'],
  run(context): StepOutcome {
    mustBeAble(context.driver(), 'calls')
    let requests = 0
    for (const o of context.driver().history()) {
      if (o.type === 'request') {
        requests++
        if (!o.to.startsWith('kube-apiserver')) return { failed: `${actorName(o.actor)} called ${actorName(o.to)} (${o.what}) at ${moment(o.at)}` }
      }
      if (o.type === 'etcd' && !o.actor.startsWith('kube-apiserver') && !o.actor.startsWith('etcdctl')) {
        return { failed: `${actorName(o.actor)} called etcd (${o.operation}) at ${moment(o.at)}` }
      }
      if (o.type === 'cri' && o.actor.startsWith('kubelet/') && o.actor !== `kubelet/${o.node}`) {
        return { failed: `${actorName(o.actor)} called the runtime of ${o.node} at ${moment(o.at)}` }
      }
    }
    if (requests === 0) return { vacuous: 'no component has called anybody in this scenario' }
  },
})
export const rules: readonly StepDefinition[] = [onlyApiServer, noCalls]
