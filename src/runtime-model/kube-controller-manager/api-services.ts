import type { KubeObject } from '../api/request.ts'
import type { View } from './controller.ts'

export const apiServices = 'apiservices.apiregistration.k8s.io'
export const availableOf = (service: KubeObject): any => service.status?.conditions?.find((c: any) => c.type === 'Available')

/** `things.example.com/v1alpha1` of each group that another server should serve and does not: discovery is stale there. */
export const undiscovered = (view: View): readonly string[] =>
  view.list(apiServices).filter(s => s.spec.service && availableOf(s)?.status !== 'True').map(s => `${s.spec.group}/${s.spec.version}`)
