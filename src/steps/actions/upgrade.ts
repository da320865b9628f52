import { defineStep } from '../../extension.ts'
import type { StepDefinition, StepOutcome } from '../../extension.ts'
import type { Driver } from '../../drivers/driver.ts'
import type { ScenarioContext } from '../context.ts'
import { refusal } from '../outcome.ts'
import { controlPlaneProblem, kubeletProblem, minorOf, usualVersion } from '../versions.ts'

/** In this order, each replica after the other: nothing may be newer than the API servers that it talks to. */
const order = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager']
/** how long a kubelet takes from one static pod to the next, and kubeadm to see that it serves, ms (approximations) */
const replacedMs = 3000, settledMs = 7000, lookedMs = 10_000
const oldestKubelet = 3

/** of the control plane, after what upgrades there have been */
export const versionOf = ({ kept, world }: ScenarioContext): string =>
  kept.get('control-plane-upgraded') as string | undefined ?? world.kubernetesVersion ?? usualVersion

/** A kubelet is replaced by one that there is, not by an older one, nor by one that is newer than the API servers. */
export function kubeletObjection(context: ScenarioContext, node: string, to: string): StepOutcome {
  const from = (context.driver().stored('nodes', '', node) as any)?.status?.nodeInfo?.kubeletVersion, wrong = kubeletProblem(to)
  if (wrong) return wrong
  if (from !== undefined && minorOf(to) < minorOf(from)) return { cannotRun: `node ${node} runs kubelet ${from} already, and ${to} is no upgrade` }
  return kubeletTooNew(node, to, versionOf(context))
}

/** Source: cmd/kubeadm/app/preflight/checks.go (KubeletVersionCheck) */
export const kubeletTooNew = (node: string, kubelet: string, controlPlane: string): { readonly cannotRun: string } | undefined =>
  minorOf(kubelet) > minorOf(controlPlane)
    ? { cannotRun: `a kubelet is never newer than the API servers: upgrade the control plane (${controlPlane}) before ${node} runs kubelet ${kubelet}` }
    : undefined

/** One minor version at a time, upwards, and no node that is too old for it. */
function objection(context: ScenarioContext, to: string): StepOutcome {
  const from = versionOf(context), step = minorOf(to) - minorOf(from), wrong = controlPlaneProblem(to)
  if (wrong) return wrong
  if (step < 0) return { cannotRun: `the control plane is of ${from} already, and there is no way back to ${to}` }
  if (step > 1) return { cannotRun: `a control plane is upgraded one minor version at a time: from ${from} to 1.${minorOf(from) + 1} first` }
  const nodes: readonly any[] = context.driver().storedList('nodes')
  const tooOld = nodes.find(n => minorOf(to) - minorOf(n.status?.nodeInfo?.kubeletVersion ?? to) > oldestKubelet)
  const away = nodes.filter(n => n.metadata.labels?.['node-role.kubernetes.io/control-plane'] !== undefined
    && n.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status !== 'True')).map(n => n.metadata.name)
  // cmd/kubeadm/app/phases/upgrade/health.go (controlPlaneNodesReady)
  if (away.length) return { failed: `kubeadm refuses it: there are NotReady control-planes in the cluster: [${away.join(' ')}]` }
  return tooOld
    && {
      failed:
        `node ${tooOld.metadata.name} runs kubelet ${tooOld.status.nodeInfo.kubeletVersion}, which an API server of ${to} does not support: upgrade it first`,
    }
}

const upgrade = defineStep({
  id: 'control-plane-upgraded', kind: 'action',
  phrases: ['the control plane is upgraded to (version) {version}', 'I upgrade the control plane to (version) {version}'], parameters: { version: 'word' },
  doc:
    'Every component of the control plane is replaced by one of another version, as kubeadm does it: API servers first, one replica after the other, about ten seconds each. Nodes keep their kubelets. What talks to a single API server gets no answer while that is replaced.',
  examples: ['the control plane is upgraded to 1.35', 'I upgrade the control plane to 1.35'],
  source: 'https://kubernetes.io/releases/version-skew-policy/#supported-component-upgrade-order',
  async run(context, { version }): Promise<StepOutcome> {
    // kubeadm looks at the nodes after other things, which takes seconds: a kubelet that was just replaced has told its version by then
    if (objection(context, version)) {
      const driver = context.driver()
      await driver.runUntil(() => objection(context, version) === undefined, driver.now() + lookedMs)
    }
    const why = objection(context, version)
    if (why) return why
    const refused = await replaceAll(context.driver(), version)
    if (refused) return refused
    context.kept.set('control-plane-upgraded', version)
  },
})

/** Every static pod of the control plane, one after the other. */
async function replaceAll(driver: Driver, version: string): Promise<StepOutcome> {
  for (const component of order) {
    for (const { node } of driver.components().filter(c => c.component === component)) {
      driver.operate('end-component', { component, node })
      await driver.advance(replacedMs)
      const refused = driver.operate('replace-component', { component, node, version })
      if (refused) return refusal(refused)
      driver.operate('start-component', { component, node })
      await driver.advance(settledMs)
    }
  }
  return undefined
}

const renew = defineStep({
  id: 'certificates-renewed', kind: 'action', phrases: ['the certificates of the control plane are renewed', 'I renew the certificates of the control plane'],
  doc:
    'As `kubeadm certs renew all` does, and a restart of the static pods after it: the certificates of the control plane, which are valid for a year from when the cluster is made or upgraded, are valid for a year from now. API servers come first, about ten seconds each.',
  examples: ['the certificates of the control plane are renewed', 'I renew the certificates of the control plane'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#manual-certificate-renewal',
  run: async context => await replaceAll(context.driver(), versionOf(context)),
})
export const upgrades: readonly StepDefinition[] = [upgrade, renew]
