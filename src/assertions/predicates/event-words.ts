import { distance } from '../../base/suggest.ts'
import type { Misfit } from '../../dsl/parse-step.ts'

/**
 * Reasons of Events that components of Kubernetes give; controllers of others may give more, so that a word is only refused where it is nearly one of
 * these. Sources: kubernetes/kubernetes pkg/kubelet/events/event.go, pkg/controller/(each), pkg/scheduler/schedule_one.go, cloud-provider controllers,
 * kubernetes-csi sidecars.
 */
const reasons = `
Created Started Failed Killing Preempting BackOff ExceededGracePeriod FailedToKillPod FailedToCreatePodContainer FailedToMakePodDataDirectories
NetworkNotReady Pulling Pulled ErrImageNeverPull InspectFailed NodeReady NodeNotReady NodeSchedulable NodeNotSchedulable Starting KubeletSetupFailed
FailedAttachVolume FailedDetachVolume FailedMount FailedUnMount FailedMapVolume FailedUnmapDevice VolumeResizeFailed VolumeResizeSuccessful
FileSystemResizeFailed FileSystemResizeSuccessful AlreadyMountedVolume SuccessfulAttachVolume SuccessfulMountVolume SuccessfulDetachVolume Rebooted NodeShutdown
Shutdown ContainerGCFailed ImageGCFailed FailedNodeAllocatableEnforcement NodeAllocatableEnforced SandboxChanged FailedCreatePodSandBox FailedKillPodSandBox
FailedPodSandBoxStatus InvalidDiskCapacity FreeDiskSpaceFailed Unhealthy ProbeWarning ProbeError FailedSync FailedValidation FailedPostStartHook
FailedPreStopHook NodeHasSufficientMemory NodeHasInsufficientMemory NodeHasDiskPressure NodeHasNoDiskPressure NodeHasSufficientPID NodeHasInsufficientPID
EvictionThresholdMet Evicted CgroupV1 ResizeStarted ResizeCompleted ResizeError ResizeDeferred ResizeInfeasible OOMKilling SystemOOM TopologyAffinityError
UnexpectedAdmissionError OutOfcpu OutOfmemory OutOfpods NodeAffinity NodePorts InvalidEnvironmentVariableNames FailedToRetrieveImagePullSecret
DNSConfigForming MissingClusterDNS HostPortConflict HostNetworkNotSupported Scheduled FailedScheduling Preempted WaitingForGates ScalingReplicaSet
SuccessfulCreate SuccessfulDelete SuccessfulUpdate FailedCreate FailedDelete FailedUpdate ReplicaSetCreateError DeploymentRollback
DeploymentRollbackRevisionNotFound
SelectingAll SelectorRequired AmbiguousSelector FailedPlacement FailedDaemonPod SucceededDaemonPod Completed Suspended Resumed BackoffLimitExceeded
DeadlineExceeded SawCompletedJob MissingJob UnexpectedJob JobAlreadyActive MissSchedule TooManyMissedTimes FailedNeedsStart FailedGet InvalidSchedule
UnparseableSchedule UnknownTimeZone RecreatingFailedPod RecreatingTerminatedPod NoPods NoControllers CalculateExpectedPodCountFailed UnmanagedPods
SuccessfulRescale FailedRescale FailedGetResourceMetric FailedGetContainerResourceMetric FailedComputeMetricsReplicas FailedGetScale FailedUpdateStatus
InvalidSelector SelectorOverlap WaitForFirstConsumer WaitForPodScheduled ProvisioningSucceeded ProvisioningFailed Provisioning ExternalProvisioning
ProvisioningCleanupFailed ExternalExpanding Resizing FileSystemResizeRequired VolumeFailedDelete VolumeDeleted VolumeMismatch FailedBinding ClaimLost
ClaimMisbound RecyclerPod VolumeRecycled VolumeFailedRecycle VolumeModify VolumeModifyFailed VolumeModifySuccessful RegisteredNode RemovingNode DeletingNode
TaintManagerEviction CIDRNotAvailable CIDRAssignmentFailed NodeControllerEviction DeletingAllPods TerminatingEvictedPod FailedToCreateEndpoint
FailedToUpdateEndpoint FailedToCreateEndpointSlices FailedToUpdateEndpointSlices FailedToListPods TopologyAwareHintsEnabled TopologyAwareHintsDisabled
EnsuringLoadBalancer EnsuredLoadBalancer UpdatedLoadBalancer UpdateLoadBalancerFailed SyncLoadBalancerFailed DeletingLoadBalancer DeletedLoadBalancer
LoadBalancerSourceRanges UnAvailableLoadBalancer LeaderElection Sync CREATE UPDATE DELETE SnapshotCreated SnapshotReady CreatingSnapshot
SnapshotCreationFailed SnapshotContentCreationFailed SnapshotDeleteError RollingUpdateDaemonSet Drained Cordoned SuccessfulReserve FeatureGateDisabled
UnsupportedMountOption DetectedUnhealthy ContainerStatusUnknown
`.trim().split(/\s+/)
const components = [
  'kubelet', 'default-scheduler', 'deployment-controller', 'replicaset-controller', 'replication-controller', 'statefulset-controller', 'daemonset-controller',
  'job-controller', 'cronjob-controller', 'node-controller', 'horizontal-pod-autoscaler', 'endpoint-controller', 'endpoint-slice-controller',
  'service-controller', 'persistentvolume-controller', 'controllermanager', 'attachdetach-controller', 'taint-eviction-controller', 'kube-proxy',
  'nginx-ingress-controller', 'snapshot-controller', 'volume_expand', 'cloud-node-controller', 'cloud-node-lifecycle-controller', 'route_controller',
]

/** What STATUS, a condition or people say where the Event has another name: no Event is ever called so, and `has no event OOMKilled` would hold for ever. */
const ofStatus: Readonly<Record<string, string>> = {
  CrashLoopBackOff: 'BackOff', ImagePullBackOff: 'BackOff', ErrImagePull: 'Failed', Terminating: 'Killing', Terminated: 'Killing',
  Running: 'Started', NotReady: 'NodeNotReady', Unschedulable: 'FailedScheduling', CreateContainerConfigError: 'Failed', CreateContainerError: 'Failed',
  RunContainerError: 'Failed', Restarted: 'Started', Restarting: 'BackOff', Pending: 'FailedScheduling', Deleted: 'Killing', Terminate: 'Killing',
}
/** The same, of pods alone: operators may have Events of these names about their own objects. */
const ofPods: Readonly<Record<string, string>> = {
  Ready: 'Started', Succeeded: 'Started', Completed: 'Started', Waiting: 'BackOff', Error: 'Failed', Unready: 'Unhealthy',
}
/**
 * Reasons of conditions, which are often none of an Event. Sources: pkg/controller/(each), pkg/kubelet/nodestatus/setters.go, k8s.io/api (core, batch,
 * autoscaling)
 */
const ofConditions = `
ProgressDeadlineExceeded MinimumReplicasAvailable MinimumReplicasUnavailable ReplicaSetUpdated NewReplicaSetAvailable NewReplicaSetCreated FoundNewReplicaSet
ReplicaSetCreateError DeploymentPaused DeploymentResumed FailedCreate FailedDelete Unschedulable SchedulingGated ContainersNotReady ContainersNotInitialized
PodCompleted PodFailed PreemptionByScheduler DeletionByTaintManager EvictionByEvictionAPI DeletionByPodGC TerminationByKubelet ReadinessGatesNotReady
KubeletReady KubeletNotReady NodeStatusUnknown NodeStatusNeverUpdated KubeletHasSufficientMemory KubeletHasInsufficientMemory KubeletHasNoDiskPressure
KubeletHasDiskPressure KubeletHasSufficientPID KubeletHasInsufficientPID BackoffLimitExceeded DeadlineExceeded PodFailurePolicy FailedIndexes
MaxFailedIndexesExceeded CompletionsReached SuccessPolicy JobSuspended JobResumed SucceededRescale FailedUpdateScale FailedGetScale BackoffBoth
BackoffDownscale BackoffUpscale ReadyForNewScale ScaleDownStabilized ScaleUpStabilized ValidMetricFound ScalingDisabled FailedGetResourceMetric
DesiredWithinRange TooFewReplicas TooManyReplicas ScaleUpLimit ScaleDownLimit InsufficientPods SufficientPods DisruptionAllowed SyncFailed
`.trim().split(/\s+/)
export function reasonOf(word: string | undefined): string | undefined {
  const near = word === undefined ? undefined : meantBy(word, ofConditions)
  return near && `did you mean \`${near}\`?`
}
/** The known word that a word is one or two slips of the pen away from, or the beginning of. */
function meantBy(word: string, known: readonly string[]): string | undefined {
  if (known.includes(word)) return undefined
  return known.find(k => distance(word.toLowerCase(), k.toLowerCase()) <= (Math.min(word.length, k.length) < 8 ? 1 : 2))
    ?? known.find(k => k.toLowerCase().startsWith(word.toLowerCase()) && k.length - word.length < 4 && word.length > 3)
}
export const eventOf: Misfit = (resource, { reason, component }) => {
  const other = ofStatus[reason] ?? (resource === 'pods' ? ofPods[reason] : undefined)
  if (reason === 'OOMKilled') return 'STATUS may say OOMKilled; no Event of a pod tells of it'
  if (other !== undefined) return `no Event is called ${reason}; it is \`${other}\``
  const why = meantBy(reason, reasons), from = component === undefined ? undefined : meantBy(component, components)
  return why !== undefined ? `did you mean \`${why}\`?` : from !== undefined ? `did you mean \`${from}\`?` : undefined
}
