import { issueCertificate } from '../../api/certificate.ts'
import { subjectOfRequest } from '../../api/certificate-request.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { update } from '../../network/client.ts'
import {
  certificateController, clientSigner, conditionOf, kubeletClientSigner, kubeletServingSigner, notClient, notKubeletClient, notKubeletServing, requestAt,
  requests,
} from '../certificates/requests.ts'
import { DONE } from '../controller.ts'
import type { View } from '../controller.ts'

/** What each of the built-in signers asks of a request. Of the fourth, legacy-unknown, no request can be made any more. */
const signers: Readonly<Record<string, typeof notClient>> = {
  [clientSigner]: notClient, [kubeletClientSigner]: notKubeletClient, [kubeletServingSigner]: notKubeletServing,
}
const minuteMs = 60_000, hourMs = 60 * minuteMs
/** --cluster-signing-duration; a certificate begins five minutes before it is issued, and the short ones end that much later for it */
const usualMs = 365 * 24 * hourMs, leastMs = 10 * minuteMs, backdateMs = 5 * minuteMs, shortMs = 8 * hourMs

/**
 * Issues the certificates that have been approved, or says why that cannot be.
 * Source: pkg/controller/certificates/signer/signer.go, pkg/controller/certificates/authority/policies.go, cmd/kube-controller-manager/app/certificates.go
 */
export const csrSigning = certificateController({
  name: 'csrsigning',
  reconcile(key, view) {
    const request = requestAt(key, view), check = request && signers[request.spec.signerName]
    if (!check || request.status?.certificate || !conditionOf(request, 'Approved') || conditionOf(request, 'Failed')) return DONE
    const subject = subjectOfRequest(request.spec.request), wrong = subject ? check(subject, request.spec.usages) : undefined
    if (!subject) return { effects: [{ do: 'retry', why: `unable to parse csr ${JSON.stringify(request.metadata.name)}` }] }
    const status = wrong === undefined
      ? { ...request.status, certificate: certificateFor(request, view) }
      : { ...request.status, conditions: [...request.status.conditions, failure(wrong, view)] }
    return {
      effects: [{
        do: 'request', request: update(view.identity, { resource: requests, name: request.metadata.name, subresource: 'status' }, { ...request, status }),
      }],
    }
  },
  source: 'pkg/controller/certificates/signer/signer.go',
})

function failure(message: string, view: View): any {
  const now = formatTime(view.wallMs)
  return { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime: now, lastTransitionTime: now }
}

function certificateFor({ metadata, spec }: KubeObject, view: View): string {
  const wantedMs = spec.expirationSeconds === undefined ? usualMs : Math.min(usualMs, Math.max(leastMs, spec.expirationSeconds * 1000))
  const nowMs = Math.floor(view.wallMs / 1000) * 1000
  return issueCertificate({
    request: spec.request, usages: spec.usages, notBeforeMs: nowMs - backdateMs, notAfterMs: nowMs + wantedMs - (wantedMs < shortMs ? 0 : backdateMs),
    seed: metadata.uid,
  })!
}
