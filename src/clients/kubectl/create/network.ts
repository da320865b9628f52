import { dns1123Subdomain, portName } from '../../../runtime-model/api/names.ts'
import { failure } from '../errors.ts'
import { array, int, list, text, type Flags, type FlagTable } from '../flags.ts'
import type { Verb } from '../verb.ts'
import { creation, pairsOf } from './typed.ts'

const portOf = (value: string): number | string => /^\d+$/.test(value) ? Number(value) : value

/** `80:8080` → a ServicePort. Source: create_service.go. */
function portsOf(flags: Flags): any[] {
  return flags.list('tcp').map(spec => {
    const [port, target = port] = spec.split(':')
    const wrong = !/^\d+$/.test(port) ? 'invalid syntax' : Number(port) > 65535 ? 'value out of range' : undefined
    if (wrong !== undefined) throw failure(`strconv.ParseUint: parsing ${JSON.stringify(port)}: ${wrong}`)
    const [odd] = !/^\d+$/.test(target) ? portName(target)
      : target !== port && (Number(target) < 1 || Number(target) > 65535) ? ['must be between 1 and 65535, inclusive']
      : []
    if (odd !== undefined) throw failure(odd)
    return {
      name: spec.replaceAll(':', '-'), port: Number(port), targetPort: portOf(target), protocol: 'TCP',
      ...flags.int('node-port') > 0 ? { nodePort: flags.int('node-port') } : {},
    }
  })
}
function service(type: string, flags: FlagTable, more: (flags: Flags) => object, needsPort = true, required: readonly string[] = []): Verb {
  return creation({
    of: 'services', wrapped: `${type} service`, required, flags: { tcp: list(), ...flags },
    build(name, given) {
      const ports = portsOf(given), spec = more(given) as { clusterIP?: string }
      if (needsPort && ports.length === 0 && spec.clusterIP !== 'None') throw failure('at least one tcp port specifier must be provided')
      return { metadata: { labels: { app: name } }, spec: { ...ports.length ? { ports } : {}, selector: { app: name }, type, ...spec } }
    },
  })
}
/** Source: create_service.go (validate). */
function hostName(name: string): string {
  if (dns1123Subdomain(name).length > 0) throw failure(`invalid service external name ${name}`)
  return name
}
export const services: Readonly<Record<string, Verb>> = {
  clusterip: service('ClusterIP', { clusterip: text() }, flags => flags.text('clusterip') ? { clusterIP: flags.text('clusterip') } : {}),
  nodeport: service('NodePort', { 'node-port': int() }, () => ({})),
  loadbalancer: service('LoadBalancer', {}, () => ({})),
  externalname: service(
    'ExternalName', { 'external-name': text() }, flags => ({ externalName: hostName(flags.text('external-name')) }), false, ['external-name']
  ),
}

/** `host/path*=service:port[,tls[=secret]]`. Source: create_ingress.go. */
export const ingress = creation({
  of: 'ingresses', wrapped: 'ingress', flags: { rule: array(), class: text(), 'default-backend': text(), annotation: array() },
  build(_, flags) {
    if (flags.list('rule').length === 0 && flags.text('default-backend') === '') {
      throw failure(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)'
      )
    }
    const wrongly = flags.list('rule').find(rule => !ingressRule.test(rule)), fallback = flags.text('default-backend')
    if (wrongly !== undefined) throw failure(`rule ${wrongly} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
    const annotations = pairsOf(flags.list('annotation'), v => failure(`annotation ${v} is invalid and should be in format key=[value]`))
    if (fallback !== '' && fallback.split(':').length !== 2) throw failure('default-backend should be in format servicename:serviceport')
    const hosts = new Map<string, any[]>(), tls: any[] = []
    for (const rule of flags.list('rule')) {
      const [, host, path, name, port, secure, , secret] = ingressRule.exec(rule)!, prefix = path.endsWith('*')
      hosts.set(host, [
        ...hosts.get(host) ?? [], { path: prefix ? path.slice(0, -1) : path, pathType: prefix ? 'Prefix' : 'Exact', backend: backend(name, port) },
      ])
      if (secure) tls.push({ ...host ? { hosts: [host] } : {}, ...secret ? { secretName: secret } : {} })
    }
    const rules = [...hosts].map(([host, paths]) => ({ ...host ? { host } : {}, http: { paths } })), [name, port] = fallback.split(':')
    return {
      metadata: Object.keys(annotations).length ? { annotations } : {},
      spec: {
        ...flags.given('class') ? { ingressClassName: flags.text('class') } : {},
        ...fallback !== '' ? { defaultBackend: backend(name, port) } : {}, ...rules.length ? { rules } : {}, ...tls.length ? { tls } : {},
      },
    }
  },
})
/** Source: create_ingress.go (ruleRegex) */
const ingressRule = /^([^/=,]*)(\/[^=]*)=([^:,]+):([^,]+)(,tls(=(.*))?)?$/
const backend = (name: string, port: string): any => ({ service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } })
