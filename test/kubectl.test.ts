import { describe, expect, test } from 'vitest'
import { dedent, terminal, type TerminalOptions } from './support/transcript.ts'

/** What is typed and what stands below it. */
const check = (name: string, text: string, options: TerminalOptions = {}): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal(options).type(expected)).toBe(expected) })
}
const POD = `
apiVersion: v1
kind: Pod
metadata: { name: catalog, labels: { app: catalog } }
spec: { containers: [{ name: app, image: "example.com/catalog:1" }] }
`
const CONFIG = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { colour: ${value} }\n`

describe('objects come, change and go', () => {
  check('apply says what it did', `
    $ kubectl apply -f pod.yaml -f blue.yaml
    pod/catalog created
    configmap/settings created
    $ kubectl apply -f blue.yaml
    configmap/settings unchanged
    $ kubectl apply -f red.yaml --dry-run=server
    configmap/settings configured (server dry run)
    $ kubectl apply -f red.yaml
    configmap/settings configured
    $ kubectl get configmap settings -o jsonpath={.data}
    {"colour":"red"}
    $ kubectl apply -f nowhere.yaml
    ! error: the path "nowhere.yaml" does not exist
    [1]`, { files: { 'pod.yaml': POD, 'blue.yaml': CONFIG('blue'), 'red.yaml': CONFIG('red') } })

  check('what an apply no longer says is taken away, what others added stays', `
    $ kubectl apply -f -
    configmap/settings created
    $ kubectl patch configmap settings --type=merge -p '{"data":{"size":"10"}}'
    configmap/settings patched
    $ kubectl apply -f other.yaml
    configmap/settings configured
    $ kubectl get cm settings -o jsonpath={.data}
    {"shape":"round","size":"10"}`, {
      stdin: CONFIG('blue'), files: { 'other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { shape: round }\n' },
    })

  check('mistakes in manifests are told in the server\'s words', `
    $ kubectl create -f -
    ! Error from server (BadRequest): error when creating "STDIN": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].port"
    ! resource mapping not found for name: "w" namespace: "" from "STDIN": no matches for kind "Widget" in version "v1"
    ! ensure CRDs are installed first
    [1]`, {
      stdin:
        'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, image: a, port: 80 }] }\n---\napiVersion: v1\nkind: Widget\nmetadata: { name: w }\n',
    })

  check('delete names the namespace and waits', `
    $ kubectl run solo --image=example.com/solo:1
    pod/solo created
    # 3s
    $ kubectl delete pod solo
    pod "solo" deleted from default namespace
    $ kubectl get pods
    ! No resources found in default namespace.
    $ kubectl delete pods --all
    No resources found
    $ kubectl delete pods
    ! error: resource(s) were provided, but no name was specified
    [1]`)

  check('a client-side dry run shows the object', `
    $ kubectl create deployment shop --image=example.com/shop:1 --dry-run=client -o yaml
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      labels:
        app: shop
      name: shop
    spec:
      replicas: 1
      selector:
        matchLabels:
          app: shop
      strategy: {}
      template:
        metadata:
          labels:
            app: shop
        spec:
          containers:
          - image: example.com/shop:1
            name: shop
            resources: {}
    status: {}`)
})

describe('tables and outputs', () => {
  check('columns are as wide as their widest cell', `
    $ kubectl create deployment shop --image=example.com/shop:1 --replicas=2
    deployment.apps/shop created
    # 5s
    $ kubectl get deployment,pods
    NAME                   READY   UP-TO-DATE   AVAILABLE   AGE
    deployment.apps/shop   2/2     2            2           AGE

    NAME                        READY   STATUS    RESTARTS   AGE
    pod/shop-HASH-POD   1/1     Running   0          AGE
    pod/shop-HASH-POD   1/1     Running   0          AGE
    $ kubectl get nodes -L kubernetes.io/os --no-headers
    worker-1   Ready   <none>   AGE   v1.35.4   linux
    worker-2   Ready   <none>   AGE   v1.35.4   linux
    $ kubectl get nodes -o custom-columns=NAME:.metadata.name,NONE:.spec.nothing
    NAME       NONE
    worker-1   <none>
    worker-2   <none>
    $ kubectl get nodes --sort-by='{.metadata.name}' -o name
    node/worker-1
    node/worker-2
    $ kubectl get nodes -o go-template='{{range .items}}{{.metadata.name}};{{end}}'
    worker-1;worker-2;
    $ kubectl get gadgets
    ! error: the server doesn't have a resource type "gadgets"
    [1]`)
})

describe('commands that wait let time pass', () => {
  check('a rollout is told step by step', `
    $ kubectl create deployment shop --image=example.com/shop:1
    deployment.apps/shop created
    $ kubectl rollout status deployment/shop
    Waiting for deployment "shop" rollout to finish: 0 of 1 updated replicas are available...
    deployment "shop" successfully rolled out
    $ kubectl rollout undo deployment/shop
    ! error: no rollout history found for deployment "shop"
    [1]
    $ kubectl set image deployment/shop shop=example.com/shop:2
    deployment.apps/shop image updated
    $ kubectl wait --for=jsonpath='{.status.updatedReplicas}'=1 deployment/shop
    deployment.apps/shop condition met
    $ kubectl rollout history deployment/shop
    deployment.apps/shop
    REVISION  CHANGE-CAUSE
    1         <none>
    2         <none>

    $ kubectl rollout undo deployment/shop
    deployment.apps/shop rolled back`)
  check('what has one revision only is not rolled back', `
    $ kubectl apply -f agent.yaml
    daemonset.apps/agent created
    # 5s
    $ kubectl rollout undo daemonset/agent
    ! error: no last revision to roll back to
    [1]
    $ kubectl rollout undo daemonset/agent --to-revision=3
    ! error: unable to find specified revision 3 in history
    [1]
    $ kubectl rollout undo daemonset/agent --to-revision=-1
    ! error: unable to find specified revision -1 in history
    [1]`, { files: { 'agent.yaml': `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: 'example.com/agent:1' }] }` } })
  check('and give up in time', `
    $ kubectl create deployment shop --image=example.com/shop:1
    deployment.apps/shop created
    $ kubectl wait --for=delete deployment/shop --timeout=1s
    ! error: timed out waiting for the condition on deployments/shop
    [1]
    $ kubectl wait pod/shop
    ! error: unrecognized condition: ""
    [1]`)
})

describe('nodes', () => {
  check('are tainted, cordoned and drained', `
    $ kubectl taint node worker-1 a=b:NoSchedule
    node/worker-1 tainted
    $ kubectl taint node worker-1 a-
    node/worker-1 untainted
    $ kubectl taint node worker-1 a=b:Never
    ! error: invalid taint effect: Never, unsupported taint effect
    ! See 'kubectl taint -h' for help and examples
    [1]
    $ kubectl cordon worker-2
    node/worker-2 cordoned
    $ kubectl run bare --image=example.com/bare:1
    pod/bare created
    # 3s
    $ kubectl drain worker-1
    node/worker-1 cordoned
    ! error: unable to drain node "worker-1" due to error: cannot delete cannot delete Pods that declare no controller (use --force to override): default/bare, continuing command...
    ! There are pending nodes to be drained:
    !  worker-1
    ! cannot delete cannot delete Pods that declare no controller (use --force to override): default/bare
    [1]
    $ kubectl drain worker-1 --force
    node/worker-1 already cordoned
    evicting pod default/bare
    pod/bare evicted
    node/worker-1 drained
    ! Warning: deleting Pods that declare no controller: default/bare
    $ kubectl uncordon worker-1
    node/worker-1 uncordoned`)
  check('what is wrong is told in the order of the names, and of one node together', `
    $ kubectl taint node worker-1 a=v:NoExecute b=w:NoSchedule
    node/worker-1 tainted
    $ kubectl taint nodes --all a- b-
    node/worker-1 untainted
    ! taint "a" not found
    ! taint "b" not found
    [1]
    $ kubectl taint node worker-1 worker-9 a- b-
    ! [taint "a" not found, taint "b" not found]
    ! Error from server (NotFound): nodes "worker-9" not found
    [1]
    $ kubectl taint node worker-9 worker-1 a-
    ! Error from server (NotFound): nodes "worker-9" not found
    ! taint "a" not found
    [1]
    $ kubectl label node worker-9 worker-1 worker-8 kubernetes.io/os=x
    ! Error from server (NotFound): nodes "worker-9" not found
    ! 'kubernetes.io/os' already has a value (linux), and --overwrite is false
    ! Error from server (NotFound): nodes "worker-8" not found
    [1]
  `)
})

describe('who asks', () => {
  check('a stranger is told what is forbidden', `
    $ kubectl get pods
    ! Error from server (Forbidden): pods is forbidden: User "ana" cannot list resource "pods" in API group "" in the namespace "default"
    [1]
    $ kubectl auth can-i list pods
    no
    [1]
    $ kubectl auth whoami
    ATTRIBUTE   VALUE
    Username    ana
    Groups      [system:authenticated]`, { user: 'ana' })
})

describe('no API server', () => {
  test('a command that knows the kinds says one line, one that does not logs five attempts', async () => {
    const { driver, type } = terminal()
    driver.inject('component-down', { component: 'kube-apiserver' })
    const typed = await type('$ kubectl get pods\n$ kubectl create configmap a')
    expect(typed.split('\n').filter(l => l.includes('memcache.go'))).toHaveLength(5)
    expect(typed).toContain('! The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?')
    expect(typed).toContain(
      '! error: failed to create configmap: Post "https://127.0.0.1:6443/api/v1/namespaces/default/configmaps?fieldManager=kubectl-create&fieldValidation=Strict": dial tcp 127.0.0.1:6443: connect: connection refused'
    )
  })
})

check('$name is what a step bound', `
  $ kubectl delete $victim --ignore-not-found
  $ kubectl get pods -l app=\${victim.metadata.labels.app}
  ! No resources found in default namespace.`, {
    bindings: { victim: { kind: 'Pod', resource: 'pods', name: 'catalog', object: { metadata: { labels: { app: 'catalog' } } } } },
  })
