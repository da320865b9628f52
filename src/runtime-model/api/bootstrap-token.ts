import type { KubeObject } from './request.ts'
import { parseTime } from './time.ts'

/** Bootstrap tokens: Secrets of kube-system by which a machine may ask for its first certificate. Source: k8s.io/cluster-bootstrap token/{api,util} */
export const isBootstrapToken = ({ type, metadata }: KubeObject & { readonly type?: string }): boolean =>
  type === 'bootstrap.kubernetes.io/token' && metadata.namespace === 'kube-system'
/** The text of a key of its data; '' where there is none. */
export function tokenField(secret: KubeObject, name: string): string {
  const value = (secret as any).data?.[name]
  return value === undefined ? '' : atob(value)
}
/** calendar ms; undefined: it lasts. A time that cannot be read has passed. */
export function tokenExpiry(secret: KubeObject): number | undefined {
  const at = tokenField(secret, 'expiration')
  if (at === '') return undefined
  const ms = parseTime(at)
  return Number.isNaN(ms) ? 0 : ms
}
