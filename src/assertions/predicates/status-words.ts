import { suggest } from '../../base/suggest.ts'

/**
 * What kubectl's STATUS column can say of a pod: phases, reasons of a pod, of a container that waits or has ended, and what the printer puts together.
 * A word that it never says is not absent: `pod web is not Crashing` would hold for ever. Sources: kubernetes/kubernetes
 * pkg/printers/internalversion/printers.go (printPod), pkg/kubelet/{container,images}, pkg/kubelet/lifecycle, pkg/kubelet/eviction, pkg/kubelet/nodeshutdown,
 * containerd internal/cri (StartError, OOMKilled).
 */
const ofPods = new Set(`
Running Pending Succeeded Failed Unknown Completed Error Terminating Terminated Ready NotReady Scheduled SchedulingGated
ContainerCreating PodInitializing CrashLoopBackOff OOMKilled ContainerStatusUnknown
ImagePullBackOff ErrImagePull ErrImageNeverPull InvalidImageName ImageInspectError RegistryUnavailable SignatureValidationFailed
CreateContainerConfigError CreateContainerError RunContainerError RunInitContainerError KillContainerError StartError ContainerCannotRun
PreCreateHookError PreStartHookError PostStartHookError VerifyNonRootError CreatePodSandboxError ConfigPodSandboxError KillPodSandboxError
Evicted NodeLost DeadlineExceeded NodeShutdown Shutdown Preempting UnexpectedAdmissionError TopologyAffinityError SMTAlignmentError SysctlForbidden AppArmor
NodeAffinity NodePorts NodeName NodeUnschedulable TaintToleration InvalidNodeInfo PodOSNotSupported PodOSSelectorNodeLabelDoesNotMatch PodFeatureUnsupported
PodLevelResourcesNotSupported InPlacePodLevelResourcesVerticalScalingNotSupported RestartingAllContainers
`.trim().split(/\s+/))
/** `Init:CrashLoopBackOff`, `OutOfephemeral-storage`, `ExitCode:1`, `Signal:9`, `Init:0/1` */
const composed = /^(?:Init:)?(?:OutOf.+|ExitCode:\d+|Signal:\d+)$|^Init:\d+\/\d+$/
const states = new Set(['Running', 'Waiting', 'Terminated', 'Ready'])

/** Why a word is none that a pod or a container is ever in; undefined: it may be. */
export function unknownStatus(word: string, container: boolean): string | undefined {
  if (ofPods.has(word) || composed.test(word) || (container && states.has(word))) return undefined
  if (word.startsWith('Init:') && ofPods.has(word.slice(5))) return undefined
  const begun = [...ofPods].filter(known => known.startsWith(word) || (word.length > 3 && word.startsWith(known)))
  const near = [...new Set([...suggest(word, ofPods, 2), ...begun])].slice(0, 2)
  const never = container ? `a container is never ${word}` : `kubectl's STATUS of a pod never says ${word}`
  return near.length > 0 ? `${never}; did you mean ${near.map(n => `\`${n}\``).join(' or ')}?` : never
}
