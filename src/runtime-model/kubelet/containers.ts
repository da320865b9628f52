import { onePiece } from '../../base/one-piece.ts'
import type { PodRuntime, RuntimeContainer } from '../api/cri.ts'

/** Which containers of a pod start again. Source: pkg/kubelet/container/helpers.go (ShouldContainerBeRestarted), pkg/api/v1/pod (ContainerShouldRestart) */
export const isSidecar = (container: any): boolean => container.restartPolicy === 'Always'
export const findContainer = (runtime: PodRuntime | undefined, name: string): RuntimeContainer | undefined => runtime?.containers.find(c => c.name === name)
export const specOf = (pod: any, name: string): any =>
  pod.spec.containers.find((c: any) => c.name === name) ?? pod.spec.initContainers?.find((c: any) => c.name === name)
    ?? pod.spec.ephemeralContainers?.find((c: any) => c.name === name)
export const isInit = (pod: any, name: string): boolean => pod.spec.initContainers?.some((c: any) => c.name === name) ?? false

export const isEphemeral = (pod: any, name: string): boolean => pod.spec.ephemeralContainers?.some((c: any) => c.name === name) ?? false

export function shouldRestart(container: any, pod: any, runtime: PodRuntime | undefined): boolean {
  if (pod.metadata.deletionTimestamp) return false
  const latest = findContainer(runtime, container.name)
  if (latest === undefined || latest.state === 'created') return true
  return latest.state === 'exited' && restartsAfter(container, pod, latest.exitCode)
}

/** Does the container start again after this exit code? Its own policy and rules win over the pod's. */
export function restartsAfter(container: any, pod: any, exitCode: number): boolean {
  for (const rule of container.restartPolicyRules ?? []) {
    const { operator, values = [] } = rule.exitCodes ?? {}
    if (rule.action === 'Restart' && (operator === 'In') === values.includes(exitCode)) return true
  }
  switch (container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always') {
    case 'Never': return false
    case 'OnFailure': return exitCode !== 0
    default: return true
  }
}

/**
 * May a container that its probe fails start again, by its own policy or its pod's? Rules ask for an exit code, which it does not have yet. Source:
 * kuberuntime_manager.go (computePodActions)
 */
export const isRestartable = (container: any, pod: any): boolean =>
  container.restartPolicy ? container.restartPolicy !== 'Never' : restartsOnFailure(pod)
/** May a failed container of this pod come back at all? (shouldRestartOnFailure) */
export const restartsOnFailure = (pod: any): boolean => (pod.spec.restartPolicy ?? 'Always') !== 'Never'

/** `spec.containers{app}`: of one piece, as every Event of a container keeps it */
export const fieldPathOf = (pod: any, name: string): string =>
  onePiece(`spec.${isInit(pod, name) ? 'initContainers' : isEphemeral(pod, name) ? 'ephemeralContainers' : 'containers'}{${name}}`)
/** As kubelet messages call a pod: `name_namespace(uid)`. */
export const podRef = (pod: any): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`
