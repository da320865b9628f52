import { typeName } from '../api/schema.ts'
import { inStructs } from './in-structs.ts'
import { without } from './meta/fill.ts'

/**
 * Fields of features that a 1.35 cluster has not enabled: known, noted as their writer's, and dropped from what is stored.
 * Source: pkg/features/kube_features.go (GenericWorkload, ContainerStopSignals, CoordinatedLeaderElection, DRADeviceTaints, DRAConsumableCapacity,
 * DRAPartitionableDevices, DRADeviceBindingConditions, DRAExtendedResource, ResourceHealthStatus); pkg/registry/discovery/endpointslice/strategy.go
 * (dropTopologyOnV1), pkg/registry/{core/node,core/pod,resource}/…/strategy.go
 */
const disabled: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSpec': ['workloadRef'], 'core.v1.Lifecycle': ['stopSignal'], 'core.v1.NodeSpec': ['configSource'],
  'core.v1.PodStatus': ['extendedResourceClaimStatus'], 'core.v1.ContainerStatus': ['allocatedResourcesStatus'],
  'coordination.v1.LeaseSpec': ['strategy', 'preferredHolder'],
  'discovery.v1.Endpoint': ['deprecatedTopology'],
  'resource.v1.DeviceClassSpec': ['extendedResourceName'],
  'resource.v1.ExactDeviceRequest': ['tolerations', 'capacity'], 'resource.v1.DeviceSubRequest': ['tolerations', 'capacity'],
  'resource.v1.DeviceConstraint': ['distinctAttribute'], 'resource.v1.ResourceSliceSpec': ['perDeviceNodeSelection', 'sharedCounters'],
  'resource.v1.DeviceCapacity': ['requestPolicy'],
  'resource.v1.Device': [
    'consumesCounters', 'nodeName', 'nodeSelector', 'allNodes', 'taints', 'bindsToNode', 'bindingConditions', 'bindingFailureConditions',
    'allowMultipleAllocations',
  ],
}
const drop = inStructs(type => type === 'core.v1.Container' || type === 'core.v1.EphemeralContainer' ? withoutBareSignal : disabled[type] && (struct => {
  let kept = struct
  for (const name of disabled[type]) kept = without(kept, name)
  return kept
}))
/** A lifecycle that says nothing else than how to stop goes as a whole. Source: pkg/api/pod/util.go (dropContainerStopSignals) */
function withoutBareSignal(container: any): any {
  const { stopSignal, preStop, postStart } = container.lifecycle ?? {}
  return stopSignal !== undefined && preStop === undefined && postStart === undefined ? without(container, 'lifecycle') : container
}
/** `object` without fields that no 1.35 cluster stores unless it is told to; the object itself if it has none. */
export const withoutDisabledFields = (kind: { readonly group: string; readonly version: string; readonly kind: string }, object: any): any =>
  drop(typeName(kind.group, kind.version, kind.kind), object)
