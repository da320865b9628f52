import type { KubeObject } from './request.ts'

/** Claims of devices, as who makes them of templates, who allocates them and who keeps them know them. Source: staging/src/k8s.io/api/resource/v1/types.go */
export const claimsResource = 'resourceclaims.resource.k8s.io'
/** the finalizer of a claim that has devices */
export const deleteProtection = 'resource.kubernetes.io/delete-protection'
const NONE: readonly any[] = []

/** What a pod says of the claims it asks for, in its order. */
export const claimsAskedFor = (pod: KubeObject): readonly any[] => pod.spec.resourceClaims ?? NONE
/** The claim that a pod's own name for it stands for; undefined: it is still to be made of a template. */
export const deviceClaimName = (pod: KubeObject, { name, resourceClaimName }: any): string | undefined =>
  resourceClaimName ?? pod.status?.resourceClaimStatuses?.find((s: any) => s.name === name)?.resourceClaimName
export const deviceClaimNames = (pod: KubeObject): readonly (string | undefined)[] => claimsAskedFor(pod).map(asked => deviceClaimName(pod, asked))
