import type { ApiRequest, ApiResponse } from '../api/request.ts'
import { formatTime } from '../api/time.ts'
import type { Turn } from './state.ts'

/**
 * The certificates that kubeadm makes for a control plane are valid for a year. Later nobody makes a new connection to the API server, whose own certificate
 * is among them, and a server that starts finds no etcd that takes its certificate: connections to it are refused. Who is known by a certificate of
 * kubeadm's is no longer known. Approximate: components other than these keep the connection they have, also one that they would have to make anew;
 * kubelets, which rotate their certificates, and service accounts, which have tokens, go on over it. Source: cmd/kubeadm/app/constants
 * (CertificateValidityPeriod), https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/
 */
export const certificatesExpired = ({ options: { certificatesUntilMs }, context }: Turn): boolean =>
  certificatesUntilMs !== undefined && context.wallMs > certificatesUntilMs

const known = ['system:kube-controller-manager', 'system:kube-scheduler']
/** Does the client of this request show a certificate that has expired? */
export const showsExpired = (turn: Turn, { credentials }: ApiRequest): boolean => known.includes(credentials.user) && certificatesExpired(turn)

/** A client outside of the cluster connects for each request. */
export function handshake(turn: Turn, from: string): ApiResponse | undefined {
  if (!from.startsWith('kubectl/') || !certificatesExpired(turn)) return undefined
  const { options: { certificatesUntilMs }, context } = turn
  return {
    code: 0,
    failure:
      `tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time ${formatTime(context.wallMs)} is after ${formatTime(certificatesUntilMs!)}`,
  }
}
