import type { KubeObject } from '../../api/request.ts'
import type { RequestedSubject } from '../../api/certificate-request.ts'
import type { Controller, View } from '../controller.ts'

export const requests = 'certificatesigningrequests.certificates.k8s.io'
export const clientSigner = 'kubernetes.io/kube-apiserver-client', kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet'
export const kubeletServingSigner = 'kubernetes.io/kubelet-serving'

/** What the controllers of certificates have in common: one service account, and back-off of 200 ms … 1000 s. */
export const certificateController = (controller: Pick<Controller, 'name' | 'reconcile' | 'source'>): Controller => ({
  ...controller,
  serviceAccount: 'certificate-controller',
  watches: [{ resource: requests, toKeys: ({ new: request, name }) => request ? [name] : [] }],
  retries: { baseMs: 200, maxMs: 1_000_000 },
})
export const requestAt = (key: string, view: View): KubeObject | undefined => view.get(requests, undefined, key.slice(1))
export const conditionOf = (request: KubeObject, type: string): any => request.status?.conditions?.find((c: any) => c.type === type && c.status === 'True')
export const isDecided = (request: KubeObject): boolean => (request.status?.conditions ?? []).some((c: any) => c.type === 'Approved' || c.type === 'Denied')

type Usages = readonly string[]
const sameSet = (a: Usages, b: Usages): boolean => new Set(a).size === b.length && b.every(u => a.includes(u))
/** key encipherment is left out for keys that are not RSA */
const usagesAre = (usages: Usages, wanted: Usages): boolean => sameSet(usages, wanted) || sameSet(usages, wanted.filter(u => u !== 'key encipherment'))
const notUsages = (wanted: Usages): string => `usages did not match [${wanted.join(' ')}]`
const clientUsages: Usages = ['client auth', 'digital signature', 'key encipherment']
const servingUsages: Usages = ['digital signature', 'key encipherment', 'server auth']
const isNodesOnly = ({ organizations }: RequestedSubject): boolean => organizations.length === 1 && organizations[0] === 'system:nodes'
const notNodes = 'subject organization is not system:nodes', notNode = 'subject common name does not begin with system:node:'
const alternatives: readonly (readonly [keyof RequestedSubject, string])[] = [
  ['dnsNames', 'DNS'], ['emailAddresses', 'Email'], ['ipAddresses', 'IP'], ['uris', 'URI'],
]

/** Why this is no request of a kubelet for its client certificate. Source: pkg/apis/certificates/helpers.go (ValidateKubeletClientCSR) */
export function notKubeletClient(subject: RequestedSubject, usages: Usages): string | undefined {
  if (!isNodesOnly(subject)) return notNodes
  const unwanted = alternatives.find(([field]) => subject[field].length > 0)
  if (unwanted) return `${unwanted[1]} subjectAltNames are not allowed`
  if (!subject.commonName.startsWith('system:node:')) return notNode
  return usagesAre(usages, clientUsages) ? undefined : notUsages(clientUsages)
}
/** … for the certificate it serves with. Source: ibid. (ValidateKubeletServingCSR) */
export function notKubeletServing(subject: RequestedSubject, usages: Usages): string | undefined {
  if (!isNodesOnly(subject)) return notNodes
  if (subject.dnsNames.length + subject.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required'
  if (subject.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed'
  if (subject.uris.length > 0) return 'URI subjectAltNames are not allowed'
  if (!usagesAre(usages, servingUsages)) return notUsages(servingUsages)
  return subject.commonName.startsWith('system:node:') ? undefined : notNode
}
/** Source: pkg/controller/certificates/signer/signer.go (validAPIServerClientUsages) */
export function notClient(_: RequestedSubject, usages: Usages): string | undefined {
  const other = usages.find(u => !clientUsages.includes(u))
  if (other !== undefined) return `invalid usage for client certificate: ${other}`
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth'
}
