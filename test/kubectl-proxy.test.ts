import { expect, test } from 'vitest'
import { dedent, terminal } from './support/transcript.ts'

/** `kubectl proxy` and what curl gets through it; the answers were seen behind a real one, kubectl 1.35.4. */
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal().type(expected)).toBe(expected) })
}

check('the API answers on a port of one\'s own machine, with an indent', `
  $ curl http://localhost:8001/api
  ! curl: (7) Failed to connect to localhost port 8001 after 0 ms: Could not connect to server
  [7]
  $ kubectl proxy
  Starting to serve on 127.0.0.1:8001
  $ kubectl proxy
  ! error: listen tcp 127.0.0.1:8001: bind: address already in use
  [1]
  $ curl http://localhost:8001/api/v1/namespaces/default/pods/none
  {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "pods \\"none\\" not found",
    "reason": "NotFound",
    "details": {
      "name": "none",
      "kind": "pods"
    },
    "code": 404
  }
  $ curl -s -o /dev/null -w "%{http_code}" "http://127.0.0.1:8001/api/v1/namespaces?labelSelector=a%3Db"
  200
  $ curl http://localhost:8001/healthz
  ok
  $ curl http://localhost:8001/nothing
  404 page not found
  $ curl http://localhost:8001/api/v1/namespaces/default/pods/none/exec
  Forbidden
  $ kubectl port-forward pod/none 8001:80
  ! Error from server (NotFound): pods "none" not found
  [1]`)

check('it lets through what its filter does, under its prefix, as whoever started it', `
  $ kubectl proxy --port=8002 --api-prefix=/k8s-api --as=joe
  Starting to serve on 127.0.0.1:8002
  $ curl http://localhost:8002/k8s-api/healthz
  ok
  $ curl http://localhost:8002/healthz
  404 page not found
  $ curl -s -o /dev/null -w "%{http_code}" http://localhost:8002/k8s-api
  307
  $ curl -f http://localhost:8002/k8s-api/api/v1/pods
  ! curl: (22) The requested URL returned error: 403
  [22]
  $ kubectl proxy --port=0
  Starting to serve on 127.0.0.1:32768
  $ kubectl proxy --port=8003 --reject-paths=^/api/v1/secrets --accept-paths=^/api/v1
  Starting to serve on 127.0.0.1:8003
  $ curl http://localhost:8003/api/v1/secrets
  Forbidden
  $ curl http://localhost:8003/apis
  Forbidden
  $ curl -s -o /dev/null -w "%{http_code}" http://localhost:8003/api/v1/nodes
  200
  $ kubectl proxy --port=8004 --api-prefix=/api/
  Starting to serve on 127.0.0.1:8004
  $ curl -s -o /dev/null -w "%{http_code}" http://localhost:8004/api/v1/nodes
  200
  $ kubectl proxy --unix-socket=/s --port=9
  ! error: cannot set --unix-socket and --port at the same time
  [1]
  $ kubectl proxy --address=0.0.0.0 --port=8010
  Starting to serve on [::]:8010
  $ curl http://localhost:8010/livez
  ok
  $ kubectl proxy --www=site --port=8011
  ! NotModelled: kubectl proxy --www: files that it serves
  [2]
  $ curl -X DELETE http://localhost:8010/api/v1/nodes
  ! NotModelled: curl -X DELETE http://localhost:8010/api/v1/nodes on one's own machine
  [2]`)

test('it goes on while no API server answers', async () => {
  const { driver, type } = terminal()
  await type('$ kubectl proxy')
  driver.inject('component-down', { component: 'kube-apiserver' })
  expect(await type('$ curl http://localhost:8001/api')).toBe('$ curl http://localhost:8001/api\ndial tcp 127.0.0.1:6443: connect: connection refused')
  driver.heal('component-down', { component: 'kube-apiserver' })
  await driver.advance(5000)
  expect(await type('$ curl http://localhost:8001/healthz')).toBe('$ curl http://localhost:8001/healthz\nok')
})

const pods = { 'web.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: default, labels: { app: web } }
spec: { nodeName: worker-1, containers: [{ name: web, image: nginx, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec: { selector: { app: web }, ports: [{ name: http, port: 8080, targetPort: 80 }] }
` }
test('what an API server hands on to a pod, a Service or a kubelet; as seen at 1.35.4', async () => {
  const { driver, type } = terminal({ files: pods, whole: true }), at = '/api/v1/namespaces/default'
  await type('$ kubectl apply -f web.yaml\n# 10s')
  const raw = async (path: string): Promise<string> => (await type(`$ kubectl get --raw ${path}`)).split('\n').slice(1).join('\n')
  const first = async (path: string): Promise<string> => (await raw(path)).split('\n')[0]
  for (const path of ['pods/web/proxy', 'pods/web:80/proxy/x?y=z', 'services/web:http/proxy/', 'services/http:web:8080/proxy/']) {
    expect(await first(`${at}/${path}`)).toBe('<200 from web, whose words are not modelled>')
  }
  const refused: readonly (readonly [path: string, why: string])[] = [
    ['pods/web:81/proxy/', '(ServiceUnavailable): error trying to reach service: dial tcp ADDRESS:81: connect: connection refused'],
    ['pods/https:web:80/proxy/', '(ServiceUnavailable): error trying to reach service: tls: first record does not look like a TLS handshake'],
    ['pods/ftp:web:80/proxy/', '(BadRequest): invalid pod request "ftp:web:80"'], ['pods/nope/proxy/', '(NotFound): pods "nope" not found'],
    ['services/web/proxy/', '(ServiceUnavailable): no endpoints available for service "web"'],
    ['services/web:http2/proxy/', '(ServiceUnavailable): no endpoints available for service "web:http2"'],
    ['services/web:80/proxy/', '(ServiceUnavailable): no service port 80 found for service "web"'], ['services/no:80/proxy/', '(NotFound): services "no" not found'],
  ]
  for (const [path, why] of refused) expect(await first(`${at}/${path}`)).toBe(`! Error from server ${why}`)
  expect(await first(`${at}/pods/web:80/proxy/ --as=ana`)).toBe('! Error from server (Forbidden): pods "web:80" is forbidden: User "ana" cannot get resource "pods/proxy" in API group "" in the namespace "default"')
  const node = '/api/v1/nodes/worker-1'
  expect([await raw(`${node}/proxy/healthz`), await raw(`${node}:10250/proxy/healthz`)]).toEqual(['ok', 'ok'])
  expect(JSON.parse(await raw(`${node}/proxy/pods`)).items.map((p: any) => p.metadata.name)).toContain('web')
  expect(await raw(`${node}/proxy/nope`)).toContain('Error from server (NotFound): the server could not find the requested resource')
  expect(await raw(`${node}/proxy/stats/summary`)).toContain('NotModelled: what a node uses, as long as nobody measures it')
  driver.operate('install-metrics-server', {})
  await driver.advance(60_000)
  const { node: use, pods: used } = JSON.parse(await raw(`${node}/proxy/stats/summary`))
  expect([use.nodeName, use.cpu.usageNanoCores > 0, used.find((p: any) => p.podRef.name === 'web').containers[0].memory.workingSetBytes]).toEqual(['worker-1', true, 16 * 1024 * 1024])
  expect(await type('$ kubectl proxy\n$ curl http://localhost:8001/api/v1/namespaces/default/services/web:http/proxy/')).toContain('<200 from web, whose words are not modelled>')
})
test('an API server tells how many requests it has answered, and what is stored', async () => {
  const { type } = terminal({ files: pods }), value = async (row: string): Promise<string | undefined> =>
    (await type('$ kubectl get --raw /metrics')).split('\n').find(line => line.startsWith(row))?.split(' ').at(-1)
  const made = 'apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"}'
  const before = Number(await value(made) ?? 0), stored = 'apiserver_resource_objects{group="",resource="configmaps"}', many = Number(await value(stored))
  await type('$ kubectl create configmap one\n$ kubectl create configmap two\n$ kubectl create configmap two\n$ kubectl delete configmap one')
  expect([await value(made), await value(stored)]).toEqual([String(before + 2), String(many + 1)])
  expect(await value('kubernetes_build_info')).toBe('1')
  expect(await value('apiserver_storage_objects{resource="pods"}')).toBe(await value('apiserver_resource_objects{group="",resource="pods"}'))
})
