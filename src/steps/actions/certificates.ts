import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { readCertificate } from '../../runtime-model/api/certificate.ts'
import { say } from '../command.ts'

const runWithCertificate = defineStep({
  id: 'run-with-certificate', kind: 'action', phrases: ['with the certificate of csr {name} I run {command}'], parameters: { name: 'text', command: 'text' },
  doc:
    'A command line of somebody who holds the certificate that was issued to a CertificateSigningRequest: its common name is the user, its organizations are the groups, and once it has expired nobody knows them any more.',
  examples: ['with the certificate of csr "jane" I run "kubectl get pods"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates',
  run(context, { name, command }, { ast }) {
    const request = context.driver().stored('certificatesigningrequests.certificates.k8s.io', '', name), { certificate } = request?.status ?? {}
    const read = certificate && readCertificate(certificate)
    if (!request) return { failed: `there is no csr ${JSON.stringify(name)}` }
    if (!read) return { failed: `no certificate has been issued to csr ${JSON.stringify(name)}` }
    context.credentials = { user: read.commonName, groups: read.organizations, valid: { fromMs: read.notBeforeMs, untilMs: read.notAfterMs } }
    return say(context, command, { bind: ast.bind })
  },
})
const runWithToken = defineStep({
  id: 'run-with-token', kind: 'action', phrases: ['with the token {token} I run {command}'], parameters: { token: 'text', command: 'text' },
  doc: 'A command line of somebody who shows a bootstrap token: a Secret of kube-system says who that is, and until when.',
  examples: ['with the token "abcdef.0123456789abcdef" I run "kubectl auth whoami"'],
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
  run(context, { token, command }, { ast }) {
    context.credentials = { user: '', groups: [], token }
    return say(context, command, { bind: ast.bind })
  },
})
export const certificateActions: readonly StepDefinition[] = [runWithCertificate, runWithToken]
