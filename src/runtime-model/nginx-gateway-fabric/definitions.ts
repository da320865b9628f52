import { group } from './names.ts'

/**
 * The definitions of the Gateway API's standard channel, as far as the controller reads them: the fields that it does not know are kept as they are.
 * Source: kubernetes-sigs/gateway-api config/crd/standard (1.4)
 */
const text = { type: 'string' }, name = { type: 'string', minLength: 1, maxLength: 253 }
const port = { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 }
const object = (properties: any, required?: readonly string[], more: any = {}): any =>
  ({ type: 'object', properties, ...required ? { required } : {}, ...more })
const list = (items: any, more: any = {}): any => ({ type: 'array', items, ...more })
const of = (type: any, value: unknown): any => ({ ...type, default: value })
const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
const condition = object(
  {
    type: text, status: { type: 'string', enum: ['True', 'False', 'Unknown'] }, reason: text, message: text,
    lastTransitionTime: { type: 'string', format: 'date-time' }, observedGeneration: { type: 'integer', format: 'int64' },
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type']
)
const conditions = list(condition, { maxItems: 8, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
const waiting = (...types: string[]): any => ({
  conditions: types.map(type =>
    ({ type, status: 'Unknown', reason: 'Pending', message: 'Waiting for controller', lastTransitionTime: '1970-01-01T00:00:00Z' })),
})
const hostname = { type: 'string', minLength: 1, maxLength: 253, pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$' }
const column = (title: string, jsonPath: string, type = 'string', more: any = {}): any => ({ name: title, jsonPath, type, ...more })
const age = column('Age', '.metadata.creationTimestamp', 'date'), isTrue = (type: string): string => `.status.conditions[?(@.type=="${type}")].status`

function definition(
  plural: string, kind: string, shortNames: readonly string[], scope: string, version: string, columns: readonly any[], properties: any
): any {
  const annotations = {
    'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/3328', 'gateway.networking.k8s.io/bundle-version': 'v1.4.0',
    'gateway.networking.k8s.io/channel': 'standard',
  }
  const served = {
    name: version, served: true, storage: true, subresources: properties.status ? { status: {} } : {}, additionalPrinterColumns: columns,
    schema: { openAPIV3Schema: object(properties, ['spec']) },
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}`, annotations },
    spec: {
      group, scope,
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, categories: ['gateway-api'], ...shortNames.length ? { shortNames } : {} },
      versions: [served],
    },
  }
}

const gatewayClass = definition(
  'gatewayclasses', 'GatewayClass', ['gc'], 'Cluster', 'v1',
  [
    column('Controller', '.spec.controllerName'), column('Accepted', isTrue('Accepted')), age,
    column('Description', '.spec.description', 'string', { priority: 1 }),
  ],
  {
  spec: object(
    {
      controllerName: { ...name, 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }] }, description: text,
      parametersRef: open,
    },
    ['controllerName']
  ),
  status: of(object({ conditions, supportedFeatures: list(object({ name: text })) }), waiting('Accepted')),
}
)

const secretRef = object({ group: of(text, ''), kind: of(text, 'Secret'), name, namespace: text }, ['name'])
const tls = object({
  mode: of({ type: 'string', enum: ['Terminate', 'Passthrough'] }, 'Terminate'), certificateRefs: list(secretRef),
  options: { type: 'object', additionalProperties: text },
})
const allowed = of(
  object({
    namespaces: of(object({ from: of({ type: 'string', enum: ['All', 'Selector', 'Same'] }, 'Same'), selector: open }), { from: 'Same' }),
    kinds: list(object({ group: of(text, group), kind: text }, ['kind'])),
  }),
  { namespaces: { from: 'Same' } }
)
const listener = object({ name, hostname, port, protocol: text, tls, allowedRoutes: allowed }, ['name', 'port', 'protocol'])
const kinds = list(object({ group: text, kind: text }, ['kind']))
const gateway = definition(
  'gateways', 'Gateway', ['gtw'], 'Namespaced', 'v1',
  [column('Class', '.spec.gatewayClassName'), column('Address', '.status.addresses[*].value'), column('Programmed', isTrue('Programmed')), age], {
  spec: object(
    {
      gatewayClassName: name, listeners: list(listener, { minItems: 1, maxItems: 64, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
      addresses: list(open), infrastructure: open,
    },
    ['gatewayClassName', 'listeners']
  ),
  status: of(
    object({
      addresses: list(object({ type: of(text, 'IPAddress'), value: text }, ['value'])), conditions,
      listeners: list(object(
        { name, supportedKinds: kinds, attachedRoutes: { type: 'integer', format: 'int32' }, conditions }, ['attachedRoutes', 'conditions', 'name']
      )),
    }),
    waiting('Accepted', 'Programmed')
  ),
}
)

const parentRef = object({ group: of(text, group), kind: of(text, 'Gateway'), name, namespace: text, sectionName: text, port }, ['name'])
const named = (types: readonly string[]): any => object({ type: of({ type: 'string', enum: types }, 'Exact'), name, value: text }, ['name', 'value'])
const match = object({
  path: of(
    object({
      type: of({ type: 'string', enum: ['Exact', 'PathPrefix', 'RegularExpression'] }, 'PathPrefix'), value: of({ type: 'string', maxLength: 1024 }, '/'),
    }),
    { type: 'PathPrefix', value: '/' }
  ),
  method: { type: 'string', enum: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'] },
  headers: list(named(['Exact', 'RegularExpression'])), queryParams: list(named(['Exact', 'RegularExpression'])),
})
const filters = list({ ...open, properties: { type: text }, required: ['type'] })
const backendRef = object(
  {
    group: of(text, ''), kind: of(text, 'Service'), name, namespace: text, port,
    weight: of({ type: 'integer', format: 'int32', minimum: 0, maximum: 1_000_000 }, 1), filters,
  },
  ['name']
)
const rule = object({
  name: text, matches: of(list(match, { maxItems: 64 }), [{ path: { type: 'PathPrefix', value: '/' } }]), filters,
  backendRefs: list(backendRef, { maxItems: 16 }), timeouts: open,
})
const routeOf = (plural: string, kind: string, rules: any): any =>
  definition(plural, kind, [], 'Namespaced', 'v1', [column('Hostnames', '.spec.hostnames'), age], {
    spec: object({ parentRefs: list(parentRef, { maxItems: 32 }), hostnames: list(hostname, { maxItems: 16 }), rules }),
    status: object(
      {
        parents: list(object(
          { parentRef: object({ group: text, kind: text, name, namespace: text, sectionName: text, port }, ['name']), controllerName: text, conditions },
          ['conditions', 'controllerName', 'parentRef']
        )),
      },
      ['parents']
    ),
  })
const route = routeOf(
  'httproutes', 'HTTPRoute', of(list(rule, { minItems: 1, maxItems: 16 }), [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }])
)
const call = object({ type: of({ type: 'string', enum: ['Exact', 'RegularExpression'] }, 'Exact'), service: text, method: text })
const grpcMatch = object({ method: call, headers: list(named(['Exact', 'RegularExpression'])) })
const grpcRule = object({ name: text, matches: list(grpcMatch, { maxItems: 64 }), filters, backendRefs: list(backendRef, { maxItems: 16 }) })
const grpcRoute = routeOf('grpcroutes', 'GRPCRoute', list(grpcRule, { maxItems: 16 }))

const grant = definition('referencegrants', 'ReferenceGrant', ['refgrant'], 'Namespaced', 'v1beta1', [age], {
  spec: object(
    {
      from: list(object({ group: text, kind: text, namespace: text }, ['group', 'kind', 'namespace']), { minItems: 1, maxItems: 16 }),
      to: list(object({ group: text, kind: text, name: text }, ['group', 'kind']), { minItems: 1, maxItems: 16 }),
    },
    ['from', 'to']
  ),
})

export const gatewayDefinitions: readonly any[] = [gatewayClass, gateway, route, grpcRoute, grant]
export const gatewayDefinitionNames: readonly string[] = gatewayDefinitions.map(d => d.metadata.name)
/** how sentences and kubectl call them */
export const gatewayWords: readonly string[] = gatewayDefinitions.flatMap(({ spec: { names } }) => [names.plural, names.singular, ...names.shortNames ?? []])
