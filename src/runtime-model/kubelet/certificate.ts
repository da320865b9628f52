import { readCertificate } from '../api/certificate.ts'
import { writeCertificateRequest } from '../api/certificate-request.ts'
import type { ApiResponse } from '../api/request.ts'
import { create, type Identity } from '../network/client.ts'
import { addWatched, dropWatched, type Delta, type Watched } from '../network/informer.ts'
import type { Session } from './session.ts'
import { identityOf } from './state.ts'

/**
 * By what a kubelet is known to the API server: a client certificate for a year. It asks for the next one when 70 to 90 % of that have passed, waits 15
 * minutes for it, and asks again after 2, 4, 8, 16, 32, 32 … s. One that has none yet asks with the token it was given, and does nothing else until it has
 * one. With an expired one it ends, and cannot start any more: kubeadm has removed what it began with. Its serving certificate is its own.
 * Source: client-go util/certificate/certificate_manager.go, pkg/kubelet/certificate/{kubelet.go,transport.go,bootstrap/bootstrap.go},
 * https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/
 */
export interface ClientCertificate { readonly fromMs: number; readonly untilMs: number; readonly identity: Identity }
/** A request for the next one. `name`: of its CertificateSigningRequest, '' none now; `offline`: nobody answers, and the path to an API server is awaited. */
export interface Renewal { readonly name: string; readonly tries: number; readonly offline: boolean }

const yearMs = 365 * 86_400_000, patienceMs = 15 * 60_000, looksEveryMs = 10_000, longestWaitMs = 32_000, offlineMs = 3_600_000, loadMs = 1000
const requests = 'certificatesigningrequests.certificates.k8s.io', watchKey = 'own certificate'
const watched = (name: string): Watched => ({ key: watchKey, resource: requests, fieldSelector: `metadata.name=${name}` })

export const certificateOf = (node: string, fromMs: number, untilMs: number): ClientCertificate => {
  const identity = identityOf(node)
  return { fromMs, untilMs, identity: { ...identity, credentials: { ...identity.credentials, valid: { fromMs, untilMs } } } }
}

/** The process has started: may it go on? One certificate in the beginning is there, of whoever made the cluster. */
export function startCertificate(session: Session): boolean {
  const { options, state, context: { wallMs } } = session
  if (options.bare || options.cloudProvider) return true
  if (!state.certificate && !options.bootstrap) {
    const fromMs = Math.floor(wallMs / 1000) * 1000
    session.state = { ...state, certificate: certificateOf(session.node, fromMs, fromMs + yearMs) }
  }
  const { certificate } = session.state
  if (certificate === undefined) { ask(session); return false }
  if (wallMs > certificate.untilMs) {
    session.timer('certificate useless', session.now + loadMs)
    return false
  }
  plan(session, certificate)
  return true
}
/** One event in a year. */
function plan(session: Session, { fromMs, untilMs }: ClientCertificate): void {
  const share = 0.7 + (session.context.choose('certificate rotation', 201) + 100) % 201 / 1000
  session.timer('certificate', session.now + fromMs + Math.floor((untilMs - fromMs) * share) - session.context.wallMs, true)
}

export function certificateTimer(session: Session, key: string): boolean {
  if (key === 'certificate') rotate(session)
  else if (key === 'certificate again') ask(session)
  else if (key === 'certificate wait') { if (session.state.renewal?.name) failed(session) }
  else if (key === 'certificate expires') expired(session)
  else if (key === 'certificate useless') exit(session, 'its client certificate has expired, and there is no bootstrap-kubelet.conf any more')
  else return false
  return true
}
function rotate(session: Session): void {
  const { certificate } = session.state
  if (certificate) session.timer('certificate expires', session.now + certificate.untilMs + looksEveryMs - session.context.wallMs, true)
  ask(session)
}

function ask(session: Session): void {
  const { node, context, state } = session, commonName = `system:node:${node}`
  session.state = { ...state, renewal: { name: '', tries: state.renewal?.tries ?? 0, offline: false } }
  const body = {
    apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest',
    // who has no certificate yet names the request after its key, to find it again
    metadata: state.certificate ? { generateName: 'csr-' } : { name: `node-csr-${context.uid().replace(/-/g, '')}` },
    spec: {
      request: writeCertificateRequest(commonName, ['system:nodes'], context.uid()), signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
    },
  }
  session.api(create(session.identity, { resource: requests }, body), { for: 'certificate' })
}
export function certificateAnswered(session: Session, response: ApiResponse | undefined): void {
  const { renewal = { name: '', tries: 0, offline: false }, certificate } = session.state, code = response?.code ?? 0
  if (code === 201) {
    const { name } = response!.body.metadata, { settings, informers } = session.state
    session.state = { ...session.state, renewal: { ...renewal, name }, settings: [...settings, watched(name)] }
    session.effects.push(addWatched(informers, watched(name), session.identity, session.context))
    // whoever asks for the first one waits for an hour
    return session.timer('certificate wait', session.now + (certificate ? patienceMs : 4 * patienceMs))
  }
  if (code === 401 && certificate && session.context.wallMs > certificate.untilMs) return expired(session)
  if (code === 0 && certificate) {
    session.state = { ...session.state, renewal: { ...renewal, offline: true } }
    return session.timer('certificate again', session.now + offlineMs, true)
  }
  failed(session)
}
function failed(session: Session): void {
  stopWatching(session)
  const tries = (session.state.renewal?.tries ?? 0) + 1
  session.state = { ...session.state, renewal: { name: '', tries, offline: false } }
  session.timer('certificate again', session.now + Math.min(longestWaitMs, 1000 * 2 ** Math.min(tries, 6)))
}
/** The path to an API server is there again. */
export function certificatePossible(session: Session): void {
  if (!session.state.renewal?.offline) return
  const { certificate } = session.state
  if (certificate && session.context.wallMs > certificate.untilMs) expired(session)
  else ask(session)
}

/** News of the request; false: they are of something else. `begin`: what a kubelet does that was waiting for its first certificate. */
export function certificateTold(session: Session, { key, new: request }: Delta, begin: (session: Session) => void): boolean {
  if (key !== watchKey) return false
  const { certificate: issued, conditions = [] } = (request as any)?.status ?? {}
  const read = issued && readCertificate(issued), fresh = session.state.certificate === undefined
  if (read) {
    stopWatching(session)
    session.cancel('certificate expires')
    session.state = { ...session.state, renewal: undefined, certificate: certificateOf(session.node, read.notBeforeMs, read.notAfterMs) }
    if (fresh) begin(session)
    else plan(session, session.state.certificate!)
  } else if (conditions.some((c: any) => c.type === 'Denied' || c.type === 'Failed')) failed(session)
  return true
}
function stopWatching(session: Session): void {
  const { settings, informers } = session.state, own = settings.find(w => w.key === watchKey)
  session.cancel('certificate wait')
  if (!own) return
  session.state = { ...session.state, settings: settings.filter(w => w !== own) }
  session.effects.push(dropWatched(informers, own))
}

/** While no API server answers it goes on as it is; else it ends. */
function expired(session: Session): void {
  if (session.state.renewal?.offline) return
  exit(session, 'its client certificate has expired and the server is responsive')
}
const exit = (session: Session, reason: string): void => { session.effects.push({ do: 'exit', reason }) }

/** Somebody has put a new one in its place, as it starts: kubeadm kubeconfig user --client-name system:node:… */
export function replaceCertificate(session: Session, begin: (session: Session) => void): void {
  const before = session.state.certificate, waits = before === undefined || session.context.wallMs > before.untilMs
  const fromMs = Math.floor(session.context.wallMs / 1000) * 1000
  session.state = { ...session.state, renewal: undefined, certificate: certificateOf(session.node, fromMs, fromMs + yearMs) }
  session.cancel('certificate useless')
  plan(session, session.state.certificate!)
  if (waits) begin(session)
}
