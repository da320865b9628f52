import { subjectOfRequest } from '../../api/certificate-request.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { create, update } from '../../network/client.ts'
import { certificateController, isDecided, kubeletClientSigner, notKubeletClient, requestAt, requests } from '../certificates/requests.ts'
import type { View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'

const ways = [
  { subresource: 'selfnodeclient', self: true, message: 'Auto approving self kubelet client certificate after SubjectAccessReview.' },
  { subresource: 'nodeclient', self: false, message: 'Auto approving kubelet client certificate after SubjectAccessReview.' },
]
interface Found { readonly request: KubeObject; readonly subject: string; readonly nowMs: number }

/** Approves requests of kubelets for their client certificates, where who asks may `create` such a thing. */
export const csrApproving = certificateController({
  name: 'csrapproving',
  reconcile: script((key, view): Found | undefined => {
    const request = requestAt(key, view)
    if (!request || request.status?.certificate || isDecided(request) || request.spec.signerName !== kubeletClientSigner) return undefined
    const subject = subjectOfRequest(request.spec.request)
    return subject && notKubeletClient(subject, request.spec.usages) === undefined ? { request, subject: subject.commonName, nowMs: view.wallMs } : undefined
  }, approve),
  source: 'pkg/controller/certificates/approver/sarapprove.go',
})

function approve(io: Script, { request, subject, nowMs }: Found, view: View): void {
  const { metadata: { name }, spec: { username, groups, uid, extra } } = request, tried = ways.filter(w => !w.self || username === subject)
  for (const { subresource, message } of tried) {
    const review = io.ask(() => create(view.identity, { resource: 'subjectaccessreviews.authorization.k8s.io' }, {
      apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {},
      spec: {
        user: username, uid, groups, extra,
        resourceAttributes: { group: 'certificates.k8s.io', version: '*', resource: 'certificatesigningrequests', subresource, verb: 'create' },
      },
    }))
    if (!review.body.status.allowed) continue
    const now = formatTime(nowMs)
    const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message, lastUpdateTime: now, lastTransitionTime: now }
    return io.end(update(view.identity, { resource: requests, name, subresource: 'approval' }, {
      ...request, status: { ...request.status, conditions: [...request.status?.conditions ?? [], condition] },
    }))
  }
  io.fail(`recognized csr ${JSON.stringify(name)} as [${tried.map(t => t.subresource).join(' ')}] but subject access review was not approved`)
}
