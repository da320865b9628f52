import type { Certificate } from '../api/http-proxy.ts'
import type { KubeObject } from '../api/request.ts'
import { group } from './names.ts'
import { granted, no, yes, type Condition, type View } from './view.ts'

/** A listener of a Gateway, judged. Source: https://gateway-api.sigs.k8s.io/reference/spec/ (ListenerConditionType, ListenerConditionReason) */
export interface Listener {
  readonly spec: any
  readonly conditions: readonly Condition[]
  /** takes traffic and routes */
  readonly valid: boolean
  readonly certificate?: Certificate
}

export function listenersOf(gateway: KubeObject, view: View): readonly Listener[] {
  const all: readonly any[] = gateway.spec.listeners
  return all.map(spec => judged(spec, all, gateway, view))
}

function judged(spec: any, all: readonly any[], gateway: KubeObject, view: View): Listener {
  const certificate = spec.protocol === 'HTTPS' ? certificateOf(spec, gateway, view) : undefined, refs = refsOf(spec, certificate)
  const conflict = conflictOf(spec, all), accepted = acceptedOf(spec, conflict, gateway)
  const valid = accepted.status === 'True' && refs.status === 'True'
  const programmed = valid
    ? yes('Programmed', 'The Listener is programmed')
    : no('Programmed', 'Invalid', (accepted.status === 'True' ? refs : accepted).message)
  return {
    spec, valid, conditions: [accepted, programmed, refs, conflict ?? no('Conflicted', 'NoConflicts', 'No conflicts')],
    ...certificate ? { certificate } : undefined,
  }
}

function acceptedOf(spec: any, conflict: Condition | undefined, gateway: KubeObject): Condition {
  if (gateway.spec.addresses?.length) return no('Accepted', 'UnsupportedAddress', 'spec.addresses: Forbidden: addresses are not supported')
  if (spec.protocol !== 'HTTP' && spec.protocol !== 'HTTPS') {
    return no('Accepted', 'UnsupportedProtocol', `protocol: Unsupported value: "${spec.protocol}": supported values: "HTTP", "HTTPS"`)
  }
  if (conflict) return no('Accepted', conflict.reason, conflict.message)
  if (spec.protocol === 'HTTPS' && spec.tls?.mode === 'Passthrough') {
    return no('Accepted', 'UnsupportedValue', 'tls.mode: Unsupported value: "Passthrough": supported values: "Terminate"')
  }
  return yes('Accepted', 'The Listener is accepted')
}
/** Listeners that cannot be told apart: one port speaks one protocol, and has each host once. */
function conflictOf(spec: any, all: readonly any[]): Condition | undefined {
  const others = all.filter(l => l !== spec && l.port === spec.port)
  if (others.some(l => l.protocol !== spec.protocol)) {
    return {
      ...yes(
        'Conflicted', `Multiple listeners for the same port ${spec.port} specify incompatible protocols; ensure only one protocol per port`, 'ProtocolConflict'
      ),
    }
  }
  if (others.some(l => (l.hostname ?? '') === (spec.hostname ?? ''))) {
    return yes('Conflicted', `Multiple listeners for the same port ${spec.port} have the same hostname; ensure each has its own`, 'HostnameConflict')
  }
  return undefined
}

function refsOf(spec: any, certificate: (Certificate & { readonly reason?: string }) | undefined): Condition {
  const kinds: readonly any[] = spec.allowedRoutes?.kinds ?? []
  const odd = kinds.find(k => !['HTTPRoute', 'GRPCRoute'].includes(k.kind) || (k.group ?? group) !== group)
  if (odd) return no('ResolvedRefs', 'InvalidRouteKinds', `Unsupported route kind: ${odd.group ?? group}/${odd.kind}`)
  if (certificate?.missing !== undefined) return no('ResolvedRefs', certificate.reason!, certificate.missing)
  return yes('ResolvedRefs', 'All references are resolved')
}
function certificateOf(spec: any, gateway: KubeObject, view: View): Certificate & { readonly reason?: string } {
  const [ref] = spec.tls?.certificateRefs ?? []
  if (!ref) {
    return {
      secret: '', missing: 'tls.certificateRefs: Required value: certificateRefs must be defined for TLS mode terminate', reason: 'InvalidCertificateRef',
    }
  }
  const namespace = ref.namespace ?? gateway.metadata.namespace!, secret = `${namespace}/${ref.name}`
  const bad = (missing: string, reason = 'InvalidCertificateRef') => ({ secret, missing, reason })
  if (ref.kind !== 'Secret' || ref.group !== '') return bad(`tls.certificateRefs[0].kind: Unsupported value: "${ref.kind}": supported values: "Secret"`)
  if (!granted(view, { kind: 'Gateway', namespace: gateway.metadata.namespace! }, { kind: 'Secret', namespace, name: ref.name })) {
    return bad(`Certificate ref to secret ${secret} not permitted by any ReferenceGrant`, 'RefNotPermitted')
  }
  const found = view.get('secrets', namespace, ref.name)
  if (!found) return bad(`tls.certificateRefs[0]: Invalid value: "${secret}": secret does not exist`)
  return found.data?.['tls.crt'] && found.data['tls.key']
    ? { secret }
    : bad(`tls.certificateRefs[0]: Invalid value: "${secret}": secret has no tls.crt and tls.key`)
}
