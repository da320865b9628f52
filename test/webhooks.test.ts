import { describe, expect, test } from 'vitest'
import type { Driver } from '../src/drivers/driver.ts'
import { dedent, terminal } from './support/transcript.ts'

/** Admission webhooks, answering as a scenario says; the words are those of a 1.35.4 cluster. */
const hook = (
  kind: 'Validating' | 'Mutating', name: string, more = '', client = '{service: {name: policy, namespace: default, path: /v}}', resources = 'configmaps'
): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ${kind}WebhookConfiguration\nmetadata: {name: ${name}}\nwebhooks:\n- name: ${name}.example.com\n  sideEffects: None\n  admissionReviewVersions: [v1]\n  timeoutSeconds: 2\n  clientConfig: ${client}\n  rules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [${resources}]}]\n${more}`
const files = { 'policy.yaml': hook('Validating', 'policy') }
const askedIn = (driver: Driver): string[] => [...driver.history()].flatMap((o: any) => o.type === 'note' && o.text.startsWith('asks webhook') ? [o.text] : [])
type Answer = Readonly<Record<string, unknown>>
const refuses: Answer = { allowed: false, message: 'not on my watch' }

/** A cluster with these configurations, and a webhook that answers so (undefined: nobody said anything of it). */
async function shop(configuration: string, answer?: Answer, more: Readonly<Record<string, string>> = {}) {
  const { driver, type } = terminal({ files: { ...files, ...more, 'hook.yaml': configuration } }), name = /name: (\S+\.example\.com)/.exec(configuration)![1]
  if (answer) driver.operate('webhook', { name, answer })
  await type('$ kubectl apply -f hook.yaml\n# 1s')
  return { driver, name, says: async (text: string) => { const expected = dedent(text); expect(await type(expected)).toBe(expected) } }
}

describe('a webhook', () => {
  test.each<[string, Answer, string]>([
    ['refuses', refuses, 'error: failed to create configmap: admission webhook "policy.example.com" denied the request: not on my watch'],
    [
      'refuses without a word', { allowed: false },
      'error: failed to create configmap: admission webhook "policy.example.com" denied the request without explanation',
    ],
    [
      'gives a reason', { allowed: false, reason: 'because' },
      'error: failed to create configmap: admission webhook "policy.example.com" denied the request: because',
    ],
    [
      'patches although it only validates', { allowed: true, patch: { data: { a: '2' } } },
      'error: failed to create configmap: Internal error occurred: failed calling webhook "policy.example.com": received invalid webhook response: validating webhook may not return response.patch',
    ],
  ])('%s', async (_, answer, says) => {
    const { says: check } = await shop(files['policy.yaml'], answer)
    await check(`$ kubectl create configmap c\n! ${says}\n[1]`)
  })

  test('is told what happens: 400, or its own code', async () => {
    const { driver, name } = await shop(files['policy.yaml'], { ...refuses, code: 403, reason: 'Forbidden' })
    const create = {
      verb: 'create' as const, group: '', version: 'v1', resource: 'configmaps', namespace: 'default', body: { metadata: { name: 'c' } },
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    }
    expect(await driver.request(create)).toMatchObject({ code: 403, body: { reason: 'Forbidden', code: 403 } })
    driver.operate('webhook', { name, answer: refuses })
    expect(await driver.request(create)).toMatchObject({
      code: 400, body: { message: 'admission webhook "policy.example.com" denied the request: not on my watch' },
    })
  })
  test('warns, of deletions too', async () => {
    const { says } = await shop(files['policy.yaml'], { allowed: true, warnings: ['careful'] })
    await says(
      '$ kubectl create configmap c\nconfigmap/c created\n! Warning: careful\n$ kubectl delete configmap c\nconfigmap "c" deleted from default namespace\n! Warning: careful'
    )
  })
  test('is asked in a dry run as well, and changes nothing', async () => {
    const { says } = await shop(files['policy.yaml'], refuses)
    await says(
      '$ kubectl create configmap c --dry-run=server\n! error: failed to create configmap: admission webhook "policy.example.com" denied the request: not on my watch\n[1]'
    )
  })
  test('is not asked about what its rules, selectors and conditions leave out', async () => {
    const { says } = await shop(
      hook(
        'Validating', 'policy',
        '  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [free]}]}\n  objectSelector: {matchExpressions: [{key: free, operator: DoesNotExist}]}\n  matchConditions: [{name: not-mine, expression: "request.userInfo.username != \'ana\'"}]\n'
      ),
      refuses, { 'free.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: free, labels: {free: "yes"}}\n' }
    )
    await says(`
      $ kubectl create ns free
      namespace/free created
      $ kubectl create configmap c -n free
      configmap/c created
      $ kubectl create -f free.yaml
      configmap/free created
      $ kubectl create secret generic s
      secret/s created
      $ kubectl create clusterrolebinding ana --clusterrole=edit --user=ana
      clusterrolebinding.rbac.authorization.k8s.io/ana created
      $ kubectl create configmap c --as=ana
      configmap/c created
      $ kubectl create configmap d
      ! error: failed to create configmap: admission webhook "policy.example.com" denied the request: not on my watch
      [1]`)
  })
})

describe('a mutating webhook', () => {
  const inject = (more = ''): string => hook('Mutating', 'inject', more, '{url: "https://inject.example.com/mutate"}')
  test('changes what is stored, by either form of patch', async () => {
    const { driver, name, says } = await shop(inject(), { allowed: true, patch: [{ op: 'add', path: '/metadata/labels', value: { patched: 'yes' } }] })
    await says('$ kubectl create configmap c\nconfigmap/c created\n$ kubectl get configmap c -o jsonpath={.metadata.labels}\n{"patched":"yes"}')
    driver.operate('webhook', { name, answer: { allowed: true, patch: { data: { more: 'x' } } } })
    await says('$ kubectl create configmap d --from-literal=a=1\nconfigmap/d created\n$ kubectl get configmap d -o jsonpath={.data}\n{"a":"1","more":"x"}')
    await says(
      '$ kubectl delete configmap d\n! Error from server (InternalError): Internal error occurred: admission webhook "inject.example.com" attempted to modify the object, which is not supported for this operation\n[1]'
    )
  })
  test('is asked again about what others made of the object, if it wants to be; built-in plugins have a second turn anyway', async () => {
    const pods = (kind: 'Mutating', name: string, more = ''): string => hook(kind, name, more, `{url: "https://${name}.example.com/"}`, 'pods')
    const { driver, says } = await shop(
      `${pods('Mutating', 'a', '  reinvocationPolicy: IfNeeded\n')}---\n${pods('Mutating', 'b')}---\n${pods('Mutating', 'c', '  reinvocationPolicy: IfNeeded\n')}`,
      { allowed: true }
    )
    driver.operate('webhook', {
      name: 'b.example.com',
      answer: { allowed: true, patch: [{ op: 'add', path: '/spec/containers/-', value: { name: 'proxy', image: 'example.com/proxy:1' } }] },
    })
    driver.operate('webhook', { name: 'c.example.com', answer: { allowed: true } })
    await says('$ kubectl run web --image=example.com/web:1\npod/web created')
    const pod: any = driver.stored('pods', 'default', 'web')
    expect(pod.spec.containers[1]).toMatchObject({
      name: 'proxy', imagePullPolicy: 'IfNotPresent', volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    })
    // what the built-in plugins did in their second turn is news to both
    expect(askedIn(driver).filter(t => t.endsWith('create pod web'))).toEqual(['a', 'b', 'c', 'a', 'c'].map(w =>
      `asks webhook ${w}.example.com about create pod web`))
  })
  test('comes before validating ones, which see what it did', async () => {
    const { driver, says } = await shop(
      inject() + `---\n${hook('Validating', 'policy', '  objectSelector: {matchLabels: {patched: "yes"}}\n')}`,
      { allowed: true, patch: { metadata: { labels: { patched: 'yes' } } } }
    )
    driver.operate('webhook', { name: 'policy.example.com', answer: refuses })
    await says(
      '$ kubectl create configmap c\n! error: failed to create configmap: admission webhook "policy.example.com" denied the request: not on my watch\n[1]'
    )
  })
})

describe('a webhook that does not answer', () => {
  const call =
    'error: failed to create configmap: Internal error occurred: failed calling webhook "policy.example.com": failed to call webhook: Post "https://policy.default.svc:443/v?timeout=AGE":'
  test('hangs: the API server waits as long as the configuration says', async () => {
    const { driver, name, says } = await shop(files['policy.yaml'], { allowed: true })
    driver.inject('webhook-hang', { name })
    const before = driver.now()
    await says(`$ kubectl create configmap c\n! ${call} context deadline exceeded\n[1]`)
    expect(driver.now() - before).toBeGreaterThanOrEqual(2000)
    expect(driver.heal('webhook-hang', { name })).toBe(true)
    await says('$ kubectl create configmap c\nconfigmap/c created')
  })
  test('validating ones are asked all at once: the wait is that of the slowest, the word that of the first to refuse', async () => {
    const { driver, says } = await shop(
      `${files['policy.yaml']}---\n${hook('Validating', 'zeal', '', '{url: "https://zeal.example.com/"}')}`, { allowed: true }
    )
    driver.operate('webhook', { name: 'zeal.example.com', answer: refuses, delayMs: 500 })
    driver.inject('webhook-hang', { name: 'policy.example.com' })
    const before = driver.now()
    await says(
      '$ kubectl create configmap c\n! error: failed to create configmap: admission webhook "zeal.example.com" denied the request: not on my watch\n[1]'
    )
    expect(driver.now() - before).toBeGreaterThanOrEqual(2000)
    expect(driver.now() - before).toBeLessThan(2400)
  })
  test('behind a Service that selects Pods, it is there while one of them is ready', async () => {
    const { says } = await shop(files['policy.yaml'], { allowed: true })
    await says('$ kubectl create service clusterip policy --tcp=443:8443\nservice/policy created')
    await says(`$ kubectl create configmap c\n! ${call} dial tcp ADDRESS:443: connect: connection refused\n[1]`)
    await says(
      '$ kubectl create deployment policy --image=example.com/policy:1\ndeployment.apps/policy created\n# 30s\n$ kubectl create configmap c\nconfigmap/c created'
    )
  })
  test('is slow: time passes, and a fork goes on from the middle', async () => {
    const { driver, name } = await shop(files['policy.yaml'])
    driver.operate('webhook', { name, answer: { allowed: true }, delayMs: 1500 })
    const create = {
      verb: 'create' as const, group: '', version: 'v1', resource: 'configmaps', namespace: 'default', body: { metadata: { name: 'c' } },
      credentials: { user: 'kubernetes-admin', groups: ['system:masters'] }, userAgent: 'kubectl',
    }
    driver.submit(create, () => {})
    await driver.advance(1000)
    const twin = driver.fork!()
    for (const d of [driver, twin]) {
      expect(d.stored('configmaps', 'default', 'c')).toBeUndefined()
      await d.advance(1000)
      expect(d.stored('configmaps', 'default', 'c')).toBeDefined()
    }
  })
  test('is down', async () => {
    const { driver, name, says } = await shop(files['policy.yaml'], { allowed: true })
    driver.inject('webhook-down', { name })
    await says(`$ kubectl create configmap c\n! ${call} dial tcp policy.default.svc:443: connect: connection refused\n[1]`)
  })
  test('was never there: no Service, or nobody behind it', async () => {
    const { says } = await shop(files['policy.yaml'])
    await says(`$ kubectl create configmap c\n! ${call} service "policy" not found\n[1]`)
    await says('$ kubectl create service clusterip policy --tcp=443:8443\nservice/policy created')
    await says(`$ kubectl create configmap c\n! ${call} dial tcp ADDRESS:443: connect: connection refused\n[1]`)
  })
  test('does not matter where the configuration fails open', async () => {
    const { says } = await shop(hook('Validating', 'policy', '  failurePolicy: Ignore\n'))
    await says('$ kubectl create configmap c\nconfigmap/c created')
  })
  test('lets nobody in, not even the Pods of a ReplicaSet; configurations themselves are out of its reach', async () => {
    const { driver, says } = await shop(hook('Validating', 'policy', '', undefined, 'pods'))
    await says('$ kubectl create deployment web --image=example.com/web:1\ndeployment.apps/web created\n# 5s')
    expect(driver.storedList('pods', 'default')).toEqual([])
    expect(driver.storedList('events', 'default').map(e => (e as any).message).join()).toContain('failed calling webhook')
    await says('$ kubectl delete validatingwebhookconfiguration policy\nvalidatingwebhookconfiguration.admissionregistration.k8s.io "policy" deleted\n# 60s')
    expect(driver.storedList('pods', 'default')).toHaveLength(1)
  })
})
