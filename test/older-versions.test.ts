import { describe, expect, test } from 'vitest'
import { startServers, type Servers } from './support/api-servers.ts'

/** What fields become that a feature brought later than the version of the server. */
const servers: Readonly<Record<string, Servers>> = Object.fromEntries(['1.33.13', '1.34.9', '1.35.4'].map(version => {
  const started = startServers({ version })
  started.say('create serviceaccounts default/default')
  return [version, started]
}))
const spec = {
  hostnameOverride: 'other', resources: { limits: { memory: '1Gi' } }, volumes: [{ name: 'v', emptyDir: {} }],
  containers: [{ name: 'c', image: 'i', restartPolicy: 'Always', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [3] } }] }],
}
const about = { verb: 'create', namespace: 'default', dryRun: true } as const
const made = (version: string, fieldValidation: 'Strict' | 'Ignore'): any =>
  servers[version].ask({ ...about, resource: 'pods', fieldValidation, body: { metadata: { name: 'p' }, spec } }).body
const features = ({ spec: s }: any): any =>
  [s.hostnameOverride, s.resources?.limits.memory, s.containers[0].restartPolicy, s.containers[0].restartPolicyRules?.length]

describe('pods', () => {
  test('1.35 has all of it', () => expect(features(made('1.35.4', 'Strict'))).toEqual(['other', '1Gi', 'Always', 1]))
  test('1.34 drops what is off there', () => expect(features(made('1.34.9', 'Strict'))).toEqual([undefined, '1Gi', undefined, undefined]))
  test('1.33 does not know some of it', () => {
    expect(made('1.33.13', 'Strict').message).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.hostnameOverride", unknown field "spec.containers[0].restartPolicyRules"'
    )
    expect(features(made('1.33.13', 'Ignore'))).toEqual([undefined, undefined, undefined, undefined])
  })
  test('templates are no different', () => {
    const template = { metadata: { labels: { a: 'b' } }, spec }, body = { metadata: { name: 'd' }, spec: { selector: { matchLabels: { a: 'b' } }, template } }
    const { ask } = servers['1.34.9']
    expect(ask({ ...about, group: 'apps', resource: 'deployments', body }).body.spec.template.spec.hostnameOverride).toBeUndefined()
  })
})

describe('kinds', () => {
  const claims = { verb: 'list', group: 'resource.k8s.io', version: 'v1', resource: 'resourceclaims', namespace: 'default' } as const
  test.each([['1.33.13', 404, false], ['1.34.9', 200, true], ['1.35.4', 200, true]])('claims of devices in %s', (version, code, there) => {
    const { ask } = servers[version]
    expect(ask(claims).code).toBe(code)
    expect(ask({ ...claims, group: 'storage.k8s.io', resource: 'volumeattributesclasses', namespace: undefined }).code).toBe(code)
    expect(ask({ ...claims, group: 'networking.k8s.io', resource: 'servicecidrs', namespace: undefined }).code).toBe(200)
    expect(ask({ path: '/apis' }).body.groups.some((g: any) => g.name === 'resource.k8s.io')).toBe(there)
    expect(ask({ path: '/apis/storage.k8s.io/v1' }).body.resources.some((r: any) => r.name === 'volumeattributesclasses')).toBe(there)
  })
  test('a pod claims no devices before there are any', () => {
    const spec = { resourceClaims: [{ name: 'gpu', resourceClaimName: 'one' }], containers: [{ name: 'c', image: 'i', resources: { claims: [{ name: 'gpu' }] } }] }
    const { body } = servers['1.33.13'].ask({ ...about, resource: 'pods', fieldValidation: 'Strict', body: { metadata: { name: 'p' }, spec } })
    expect([body.spec.resourceClaims, body.spec.containers[0].resources]).toEqual([undefined, {}])
  })
  test('a variable from a file is unknown to 1.33, and dropped by 1.34', () => {
    const env = [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'A' } } }]
    const body = { metadata: { name: 'p' }, spec: { volumes: [{ name: 'v', emptyDir: {} }], containers: [{ name: 'c', image: 'i', env }] } }
    const asked = (version: string): any => servers[version].ask({ ...about, resource: 'pods', fieldValidation: 'Strict', body }).body
    expect(asked('1.33.13').message).toContain('unknown field "spec.containers[0].env[0].valueFrom.fileKeyRef"')
    expect(asked('1.34.9').message).toContain('spec.containers[0].env[0].valueFrom: Invalid value')
    expect(asked('1.35.4').spec.containers[0].env).toEqual(env)
  })
})

test.each([['1.33.13', undefined], ['1.34.9', undefined], ['1.35.4', '50m']])('autoscalers of %s tolerate %s', (version, tolerance) => {
  const body = {
    metadata: { name: 'h' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' }, maxReplicas: 3, behavior: { scaleUp: { tolerance: '50m' } } },
  }
  const answer = servers[version].ask({ ...about, group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', body })
  expect(answer.body.spec?.behavior?.scaleUp?.tolerance ?? answer.body.message).toBe(tolerance)
})

test.each([['1.34.9', undefined, 'n'], ['1.35.4', 'a', undefined]])('bindings of %s', (version, zone, nominated) => {
  const { say, ask } = servers[version].fork()
  say('create nodes n {"metadata":{"labels":{"topology.kubernetes.io/zone":"a"}}}')
  say('create pods default/p {"spec":{"containers":[{"name":"c","image":"i"}]}}')
  say('patch pods/status default/p {"status":{"nominatedNodeName":"n"}}')
  say('create pods/binding default/p {"target":{"name":"n"}}')
  const { metadata, status, spec: { nodeName } } = ask({ verb: 'get', namespace: 'default', resource: 'pods', name: 'p' }).body
  expect([nodeName, metadata.labels?.['topology.kubernetes.io/zone'], status.nominatedNodeName]).toEqual(['n', zone, nominated])
})

describe('a value that does not fit', () => {
  const dep = (labels: any, matchLabels: any): any => ({
    metadata: { name: 'd' }, spec: { selector: { matchLabels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } } },
  })
  const deployments = { ...about, group: 'apps', resource: 'deployments' } as const
  test.each([
    ['1.33.13', 'map[string]string{"a":"b"}'], ['1.34.9', '{"a":"b"}'], ['1.35.4', '{"a":"b"}'],
  ])('is shown by %s as %s', (version, shown) => {
    const { body } = servers[version].ask({ ...deployments, body: dep({ a: 'b' }, { a: 'c' }) })
    expect(body.message).toBe(`Deployment.apps "d" is invalid: spec.template.metadata.labels: Invalid value: ${shown}: \`selector\` does not match template \`labels\``)
    expect(body.details.causes[0].message).toBe(`Invalid value: ${shown}: \`selector\` does not match template \`labels\``)
  })
  test('a selector is, too, in 1.33', () => {
    const { ask } = servers['1.33.13'].fork()
    ask({ ...deployments, dryRun: false, body: dep({ a: 'b', c: 'd' }, { a: 'b' }) })
    const changed = ask({ ...deployments, verb: 'update', name: 'd', body: dep({ a: 'b', c: 'd' }, { c: 'd' }) })
    expect(changed.body.message).toBe(
      'Deployment.apps "d" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"c":"d"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable'
    )
  })
})
