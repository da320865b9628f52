import { subjectOfRequest } from '../../api/certificate-request.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import type { AdmissionAttributes, AdmissionPlugin, AdmissionView } from './plugin.ts'
import { refuse } from './refuse.ts'

const requests = 'certificatesigningrequests.certificates.k8s.io', clientSigner = 'kubernetes.io/kube-apiserver-client', masters = 'system:masters'

/** May the user do that for this signer, by its name or as any of its domain? Source: plugin/pkg/admission/certificates/util.go (IsAuthorizedForSignerName) */
function mayFor({ user }: AdmissionAttributes, view: AdmissionView, verb: 'approve' | 'sign', signer: string): boolean {
  const names = [signer, `${signer.split('/')[0]}/*`]
  return names.some(name => view.decide({ user, verb, group: 'certificates.k8s.io', resource: 'signers', name }).allowed)
}

/** Who approves or denies a request must be allowed to `approve` for its signer. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  operations: ['UPDATE'],
  resources: [requests],
  reads: [],
  validate(a, view) {
    const { signerName } = a.oldObject.spec
    if (a.subresource !== 'approval') return undefined
    return mayFor(a, view, 'approve', signerName)
      ? undefined
      : refuse(a, `user not permitted to approve requests with signerName ${JSON.stringify(signerName)}`)
  },
  source: 'plugin/pkg/admission/certificates/approval/admission.go',
}

/** Who issues a certificate, or says of a request that it failed, must be allowed to `sign` for its signer. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  operations: ['UPDATE'],
  resources: [requests],
  reads: [],
  validate(a, view) {
    const { signerName } = a.oldObject.spec, before = a.oldObject.status ?? {}, now = a.object.status ?? {}
    if (a.subresource !== 'status' || now.certificate === before.certificate && deepEqual(now.conditions ?? [], before.conditions ?? [])) return undefined
    return mayFor(a, view, 'sign', signerName) ? undefined : refuse(a, `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`)
  },
  source: 'plugin/pkg/admission/certificates/signing/admission.go',
}

/** Nobody becomes a member of system:masters by a certificate that is asked for. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  operations: ['CREATE'],
  resources: [requests],
  reads: [],
  validate(a) {
    const { signerName, request } = a.object.spec
    if (a.subresource || signerName !== clientSigner || !subjectOfRequest(request)?.organizations.includes(masters)) return undefined
    return refuse(a, `use of ${clientSigner} signer with ${masters} group is not allowed`)
  },
  source: 'plugin/pkg/admission/certificates/subjectrestriction/admission.go',
}
