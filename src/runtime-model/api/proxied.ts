/** What asks for a connection to somebody behind an API server. */
export const connectSubresources: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy'])

/**
 * Where an API server hands a request on to that asks for `…/proxy`: a port of a pod's address, or the kubelet of a node. Everything else of such a request
 * is between its client and who answers there.
 */
export interface ProxyTarget { readonly scheme: 'http' | 'https'; readonly address: string; readonly port: string; /** whose kubelet */ readonly node?: string }

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`; undefined: it is none of them. Source: apimachinery pkg/util/net/port_split.go (SplitSchemeNamePort) */
export function schemeNamePort(id: string): { readonly scheme: string; readonly name: string; readonly port: string } | undefined {
  const parts = id.split(':'), [scheme, name, port] = parts.length === 3 ? parts : ['', parts[0], parts[1] ?? '']
  return parts.length <= 3 && name !== '' && ['', 'http', 'https'].includes(scheme) ? { scheme, name, port } : undefined
}
/** What stands behind `…/proxy` in a path, with its slash; undefined: the path is none of a proxy. */
export const behindProxy = (path: string): string | undefined =>
  /^\/api\/v1\/(?:namespaces\/[^/]+\/(?:pods|services)|nodes)\/[^/]+\/proxy(\/.*)?$/.exec(path)?.slice(1).map(rest => rest ?? '')[0]
