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
