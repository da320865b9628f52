import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { invalid } from '../src/runtime-model/api/status.ts'
import { decode, registry } from '../src/runtime-model/kinds/index.ts'

// What an API server does with a document up to storage, as far as a kind decides it.
const kindOf = (apiVersion: string, kind: string) => registry.byGroupKind(apiVersion.includes('/') ? apiVersion.split('/')[0] : '', kind)!
function create(yaml: string): { object?: any; refused?: string; strict?: readonly string[] } {
  const document = parse(yaml), kind = kindOf(document.apiVersion, document.kind), decoded = decode(kind, document)
  if (decoded.error) return { refused: decoded.error }
  if (decoded.strict.length) return { strict: decoded.strict }
  const meta = { uid: 'uid-1', creationTimestamp: '2026-01-01T00:00:00Z', ...kind.namespaced ? { namespace: 'default' } : undefined }
  const object = kind.beforeCreate(kind.defaults({ ...decoded.object, metadata: { ...decoded.object.metadata, ...meta } })), errors = kind.validate(object)
  return errors.length ? { refused: words(kind, object, errors) } : { object }
}
function update(old: any, change: (object: any) => any): string | undefined {
  const kind = kindOf(old.apiVersion, old.kind), object = kind.beforeUpdate(kind.defaults(decode(kind, change(structuredClone(old))).object), old)
  const errors = kind.validateUpdate(object, old)
  return errors.length ? words(kind, object, errors) : undefined
}
const words = (kind: any, object: any, errors: any) =>
  invalid(kind, object.metadata.name, errors).details!.causes!.map(c => `${c.field}: ${c.message}`).join('\n')

const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

describe('what the API server refuses, word for word', () => {
  test.each([
    ['unknown fields', '{apiVersion: apps/v1, kind: Deployment, spec: {replica: 3, template: {spec: {containers: [{name: app, port: 80}]}}}}',
      { strict: ['unknown field "spec.replica"', 'unknown field "spec.template.spec.containers[0].port"'] }],
    ['a word for a number', '{apiVersion: v1, kind: Pod, spec: {containers: [{name: app, ports: [{containerPort: eighty}]}]}}',
      {
        refused:
          'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
      }],
    ['a map for a list', '{apiVersion: v1, kind: Pod, spec: {containers: {name: app}}}',
      {
        refused:
          'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
      }],
    ['a word for a quantity', '{apiVersion: v1, kind: Pod, spec: {containers: [{name: app, resources: {requests: {cpu: lots}}}]}}',
      {
        refused: `Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
      }],
    ['names', '{apiVersion: v1, kind: Pod, metadata: {name: Shop_1}, spec: {containers: [{name: App, image: "a:1"}]}}',
      { refused: `metadata.name: Invalid value: "Shop_1": ${subdomain}\nspec.containers[0].name: Invalid value: "App": ${label}` }],
    ['a pod with many mistakes', `
      apiVersion: v1
      kind: Pod
      metadata: {name: shop}
      spec:
        restartPolicy: Sometimes
        containers:
        - {name: app, image: "a:1", imagePullPolicy: Often, ports: [{containerPort: 70000}, {name: web, containerPort: 80}, {name: web, containerPort: 81}]}
        - {name: app, image: ""}`,
      {
        refused: [
          'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
          'spec.containers[0].ports[2].name: Duplicate value: "web"',
        'spec.containers[0].imagePullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"',
          'spec.containers[1].image: Required value',
        'spec.containers[1].name: Duplicate value: "app"',
          'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
        ].join('\n'),
      }],
    [
      'resources',
      '{apiVersion: v1, kind: Pod, metadata: {name: shop}, spec: {containers: [{name: app, image: "a:1", resources: {requests: {cpu: 2, memory: "-1"}, limits: {cpu: 1}}, volumeMounts: [{name: none, mountPath: /x}], env: [{name: "1 BAD", value: x}]}]}}',
      {
        refused: [
          'spec.containers[0].volumeMounts[0].name: Not found: "none"',
          'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
        'spec.containers[0].resources.requests[memory]: Invalid value: "-1": must be greater than or equal to 0',
        ].join('\n'),
      },
    ],
    ['probes and volumes', `
      apiVersion: v1
      kind: Pod
      metadata: {name: shop}
      spec:
        containers:
        - {name: app, image: "a:1", livenessProbe: {periodSeconds: 0, successThreshold: 2, httpGet: {port: 0}}, readinessProbe: {exec: {command: []}}}
        volumes: [{name: v}, {name: v, emptyDir: {}}, {name: w, emptyDir: {}, configMap: {name: x}}]`,
      { refused: ['spec.volumes[1].name: Duplicate value: "v"', 'spec.volumes[2].configMap: Forbidden: may not specify more than 1 volume type',
        'spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
        'spec.containers[0].readinessProbe.exec.command: Required value'].join('\n') }],
    [
      'a selector that does not select',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: app, image: "a:1"}]}}}}',
      { refused: 'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`' },
    ],
    [
      'no name', '{apiVersion: v1, kind: ConfigMap, metadata: {labels: {a: b}}}', {
        refused: 'metadata.name: Required value: name or generateName is required',
      },
    ],
  ])('%s', (_, yaml, expected) => expect(create(yaml)).toEqual(expected))

  const made = (yaml: string) => { const { object, ...rest } = create(yaml); expect(rest).toEqual({}); return object }
  const shop = () => made(
    '{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {replicas: 0, selector: {matchLabels: {app: shop}}, template: {metadata: {labels: {app: shop, tier: x}}, spec: {containers: [{name: app, image: "a:1"}]}}}}'
  )

  test('a Service that becomes a name loses what only others have', () => {
    const kind = kindOf('v1', 'Service')
    const balanced = {
      type: 'LoadBalancer', clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack',
      externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true, sessionAffinity: 'None',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30080 }],
    }
    const old = { kind: 'Service', apiVersion: 'v1', metadata: { name: 'shop' }, spec: balanced, status: { loadBalancer: {} } }
    expect(kind.whenRead!(kind.beforeUpdate({ ...old, spec: { ...balanced, type: 'ExternalName', externalName: 'x.example.com' } }, old)).spec).toEqual(
      { type: 'ExternalName', externalName: 'x.example.com', sessionAffinity: 'None', ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] }
    )
  })
  test('immutable fields', () => {
    expect(update(shop(), d => (d.spec.selector.matchLabels.tier = 'x', d))).toBe(
      'spec.selector: Invalid value: {"matchLabels":{"app":"shop","tier":"x"}}: field is immutable'
    )
    const service = made(
      '{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], selector: {app: shop}, ports: [{port: 80}]}}'
    )
    expect(update(service, s => (s.spec.clusterIP = '10.96.77.77', s))).toBe('spec.clusterIPs[0]: Invalid value: ["10.96.77.77"]: may not change once set')
    const job = made(
      '{apiVersion: batch/v1, kind: Job, metadata: {name: bake}, spec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: app, image: "a:1"}]}}}}'
    )
    expect(update(job, j => (j.spec.completions = 3, j))).toBe('spec.completions: Invalid value: 3: field is immutable')
    const map = made('{apiVersion: v1, kind: ConfigMap, metadata: {name: fixed}, immutable: true, data: {a: "1"}}')
    expect(update(map, m => (m.data.a = '2', m))).toBe('data: Forbidden: field is immutable when `immutable` is set')
    const claim = made(
      '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: disk}, spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}}'
    )
    expect(update(claim, c => (c.spec.accessModes = ['ReadWriteMany'], c))).toBe(
      `spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims
@@ -1,6 +1,6 @@
 {
  "AccessModes": [
-  "ReadWriteOnce"
+  "ReadWriteMany"
  ],
  "Selector": null,
  "Resources": {
`
    )
    expect(update(claim, c => (c.spec.resources.requests.storage = '1Gi', c))).toContain(
      '\n@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "2Gi"\n+   "storage": "1Gi"\n   }\n  },\n  "VolumeName": "",\n'
    )
  })

  test('of a running pod little may change', () => {
    const solo = made('{apiVersion: v1, kind: Pod, metadata: {name: solo}, spec: {containers: [{name: app, image: "a:1"}]}}')
    expect(update(solo, p => (p.spec.containers[0].image = 'a:2', p))).toBeUndefined()
    expect(update(solo, p => (p.spec.containers[0].env = [{ name: 'A', value: 'b' }], p))).toContain(`if it was previously negative)
@@ -10,7 +10,13 @@
    "WorkingDir": "",
    "Ports": null,
    "EnvFrom": null,
-   "Env": null,
+   "Env": [
+    {
+     "Name": "A",
+     "Value": "b",
+     "ValueFrom": null
+    }
+   ],
    "Resources": {
     "Limits": null,
     "Requests": null,
`)
  })
})
