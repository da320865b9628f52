import { expect, test } from 'vitest'
import { dedent, terminal } from './support/transcript.ts'

/** Sessions between one's own machine and containers, where the recorded cluster has no containers to talk to (transcripts/kubectl/sessions.txt has the rest). */
const files = {
  'web.yaml': `
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec:
  automountServiceAccountToken: false
  containers: [{ name: web, image: "nginx:1.27", ports: [{ containerPort: 8080, name: http }], volumeMounts: [{ name: s, mountPath: /conf }] }]
  volumes: [{ name: s, configMap: { name: conf } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data: { colour: blue }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: www, port: 80, targetPort: http }] }
`,
  'kind.yaml': `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: tunnels.net.example.org }
spec:
  group: net.example.org
  scope: Namespaced
  names: { plural: tunnels, singular: tunnel, kind: Tunnel, shortNames: [tn] }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }]
`,
  'some/a/x': 'x\n', 'some/y': 'y\n',
  'bare.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: bare }\nspec: { containers: [{ name: c, image: "registry.k8s.io/pause:3.10" }] }\n',
}
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files }).type(expected)).toBe(expected) })
}

check('a forwarded port leads to the target port, and is taken', `
  $ kubectl apply -f web.yaml
  pod/web created
  configmap/conf created
  service/web created
  # 5s
  $ kubectl port-forward service/web 9000:www
  Forwarding from 127.0.0.1:9000 -> 8080
  Forwarding from [::1]:9000 -> 8080
  $ curl -s localhost:9000
  <200 from web, whose words are not modelled>
  $ kubectl port-forward web 9000:1 9001:http --address=127.0.0.1
  Forwarding from 127.0.0.1:9001 -> 8080
  ! Unable to listen on port 9000: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 127.0.0.1:9000: bind: address already in use]
  $ kubectl port-forward web :http
  Forwarding from 127.0.0.1:32768 -> 8080
  Forwarding from [::1]:32768 -> 8080
  $ curl localhost:9002
  ! curl: (7) Failed to connect to localhost port 9002 after 0 ms: Could not connect to server
  [7]
  $ kubectl port-forward web 9002:9
  Forwarding from 127.0.0.1:9002 -> 9
  Forwarding from [::1]:9002 -> 9
  $ curl localhost:9002
  ! curl: (52) Empty reply from server
  [52]
  $ curl localhost:9002
  ! curl: (7) Failed to connect to localhost port 9002 after 0 ms: Could not connect to server
  [7]
  $ kubectl delete pod web --now
  pod "web" deleted from default namespace
  $ curl 127.0.0.1:9001
  ! curl: (52) Empty reply from server
  [52]
  $ curl http://web
  ! NotModelled: what answers at web from one's own machine; \`kubectl port-forward\` brings a pod or Service to localhost
  [2]
`)

check('files are copied as tar does it', `
  $ kubectl apply -f web.yaml -f bare.yaml
  pod/web created
  configmap/conf created
  service/web created
  pod/bare created
  # 5s
  $ kubectl cp web:/conf/colour here
  tar: Removing leading \`/' from member names
  ! warning: skipping symlink: "here" -> "..data/colour" (consider using "kubectl exec -n "" "web" -- tar cf - "/conf/colour" | tar xf -")
  $ kubectl cp here web:/tmp/here
  ! error: here doesn't exist in local filesystem
  [1]
  $ kubectl cp bare.yaml default/web:/tmp/
  $ kubectl cp web:/tmp/bare.yaml here/
  tar: Removing leading \`/' from member names
  $ kubectl cp here web:/tmp/again
  $ kubectl exec web -- cat /tmp/again
  apiVersion: v1
  kind: Pod
  metadata: { name: bare }
  spec: { containers: [{ name: c, image: "registry.k8s.io/pause:3.10" }] }
  $ kubectl cp web:/tmp/again .
  tar: Removing leading \`/' from member names
  ! error: open .: is a directory
  [1]
  $ kubectl cp some web:/tmp/all
  $ kubectl cp some web:/tmp/all
  $ kubectl cp some web:/tmp
  $ kubectl exec web -- cat /tmp/all/a/x /tmp/all/y /tmp/all/some/y /tmp/some/a/x
  x
  y
  y
  x
  $ kubectl cp web:/conf/none here
  tar: Removing leading \`/' from member names
  tar: /conf/none: Cannot stat: No such file or directory
  tar: Exiting with failure status due to previous errors
  ! command terminated with exit code 2
  [2]
  $ kubectl cp here web:/conf/colour
  ! tar: colour: Cannot open: Read-only file system
  ! tar: Exiting with failure status due to previous errors
  ! command terminated with exit code 2
  [2]
  $ kubectl cp web:/conf conf
  tar: Removing leading \`/' from member names
  ! warning: skipping symlink: "conf/..data" -> "..2026_01_01_00_00_08.4264626879" (consider using "kubectl exec -n "" "web" -- tar cf - "/conf" | tar xf -")
  ! warning: skipping symlink: "conf/colour" -> "..data/colour"
  $ kubectl cp web:/tmp/all out
  tar: Removing leading \`/' from member names
  $ kubectl cp out/some/a/x web:/tmp/back
  $ kubectl exec web -- sh -c 'ls /tmp/all && cat /tmp/back'
  a
  some
  y
  x
  $ kubectl cp some web:/usr/share/nginx/html
  $ kubectl exec web -- cat /usr/share/nginx/html/some/y
  y
  $ kubectl cp some web:/opt/site
  ! NotModelled: what image nginx:1.27 has at /opt/site
  [2]
  $ kubectl cp here bare:/tmp/here
  ! error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "tar": executable file not found in $PATH: unknown
  [1]
`)

test('a session with a node that is away fails where its connection breaks', async () => {
  const { driver, type } = terminal({ files })
  await type(`$ kubectl apply -f web.yaml
    # 5s
    $ kubectl create role old --verb=create --resource=pods/exec
    $ kubectl create rolebinding old --role=old --user=old
    $ kubectl create role see --verb=get --resource=pods
    $ kubectl create rolebinding see --role=see --user=old`)
  driver.inject('node-down', { node: driver.stored('pods', 'default', 'web')!.spec.nodeName })
  const said = (await type(`$ kubectl exec web -- env A
    $ kubectl exec web --as=old -- env A
    $ kubectl attach web -q
    $ kubectl port-forward web 80`)).split('\n').filter(line => line.startsWith('! ')).map(line => line.replace(/tcp \S+:10250/, 'tcp NODE').replace(/\d+\.\d+\.\d+\.\d+|ADDRESS/g, 'NODE'))
  const away = 'dial tcp NODE: connect: no route to host'
  expect(said).toEqual([
    `! error: Internal error occurred: error sending request: Post "https://NODE:10250/exec/default/web/web?command=env&command=A&error=1&output=1": ${away}`,
    // who may create it alone comes by SPDY
    `! Error from server: error dialing backend: ${away}`,
    `! error: Internal error occurred: error sending request: Post "https://NODE:10250/attach/default/web/web?error=1&output=1": ${away}`,
    `! error: error upgrading connection: error dialing backend: ${away}`,
  ])
})

const task = (after: string, code: number): string =>
  `--overrides='{"metadata":{"annotations":{"behaviour.kscenario.dev/task":"{ prints: [{ line: one }, { after: 3s, line: two }], exit: { after: ${after}, code: ${code} } }"}}}'`
test('one who is attached sees what is printed until the container ends', async () => {
  const said = await terminal().type(`
    $ kubectl run task --image=example.com/task:1 --restart=Never ${task('8s', 0)}
    # 2s
    $ kubectl attach task -q
    # 2s
    $ kubectl attach task
    $ kubectl delete pod task
    $ kubectl run task --image=example.com/task:1 --restart=Never --attach -q ${task('8s', 3)}
    $ kubectl run other --image=example.com/other:1 --attach`)
  expect(said.split('\n').filter(l => !l.startsWith('$'))).toEqual([
    'pod/task created', '# 2s', 'two', '# 2s', '! error: cannot attach a container in a completed pod; current phase is Succeeded', '[1]',
    'pod "task" deleted from default namespace', 'two', '! pod default/task terminated (Error)', '[3]',
    '! NotModelled: kubectl run of a container that goes on running: it never ends', '[2]',
  ])
})

test('a dump tells what there is, list by list, and goes into files that later commands read', async () => {
  const { type } = terminal({ files })
  await type('$ kubectl apply -f web.yaml\n# 5s')
  const said = await type('$ kubectl cluster-info dump --namespaces=default')
  expect([...said.matchAll(/^ {4}"kind": "(\w+)"/gm)].map(m => m[1])).toEqual([
    'NodeList', 'EventList', 'ReplicationControllerList', 'ServiceList', 'DaemonSetList', 'DeploymentList', 'ReplicaSetList', 'PodList',
  ])
  expect(said).toContain('"items": null')
  expect(said).toContain('==== START logs for container web of pod default/web ====\n<what container web prints is not modelled>\n==== END logs')
  expect(await type('$ kubectl cluster-info dump --output-directory=dump -o yaml')).toBe(
    '$ kubectl cluster-info dump --output-directory=dump -o yaml\nCluster info dumped to dump'
  )
  expect(await type('$ kubectl create configmap kept --from-file=dump/default/web/logs.txt')).toContain('configmap/kept created')
})

check('contexts lead into namespaces, and whom others would be is not known', `
  $ kubectl create namespace dev
  namespace/dev created
  $ kubectl config set-context dev --cluster=kubernetes --user=kubernetes-admin --namespace=dev
  Context "dev" created.
  $ kubectl create configmap here --context=dev
  configmap/here created
  $ kubectl get cm here
  ! Error from server (NotFound): configmaps "here" not found
  [1]
  $ kubectl config use-context dev
  Switched to context "dev".
  $ kubectl get cm here -o name
  configmap/here
  $ kubectl get cm here -n default -o name
  ! Error from server (NotFound): configmaps "here" not found
  [1]
  $ kubectl config set-credentials jane --client-certificate=jane.crt --client-key=jane.key
  User "jane" set.
  $ kubectl get pods --user=jane
  ! Error in configuration:
  ! * unable to read client-cert $HOME/jane.crt for jane due to open $HOME/jane.crt: no such file or directory
  ! * unable to read client-key $HOME/jane.key for jane due to open $HOME/jane.key: no such file or directory
  [1]
  $ kubectl config set-credentials joe --username=joe --password=secret
  User "joe" set.
  $ kubectl get pods --user=joe
  ! Error from server (Forbidden): pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "dev"
  [1]
  $ kubectl config set-credentials bot --token=abc
  User "bot" set.
  $ kubectl get pods --user=bot
  ! error: You must be logged in to the server (Unauthorized)
  [1]
  $ kubectl config set-credentials guest --token=abcdef.0123456789abcdef
  User "guest" set.
  $ kubectl get pods --user=guest
  ! error: You must be logged in to the server (Unauthorized)
  [1]
  $ kubectl config set-credentials kubernetes-admin --token=abcdef.0123456789abcdef
  User "kubernetes-admin" set.
  $ kubectl get cm here -o name
  configmap/here
  $ kubectl config set-cluster far --server=https://192.0.2.9:6443
  Cluster "far" set.
  $ kubectl get pods --cluster=far
  ! NotModelled: the cluster at https://192.0.2.9:6443: there is one cluster
  [2]
  $ kubectl config unset contexts.none.namespace
  ! error: current map key \`none\` is invalid
  [1]
`)

check('a kind that is gone is asked for by the names that are kept; a name with its group makes kubectl look anew', `
  $ kubectl create -f kind.yaml
  customresourcedefinition.apiextensions.k8s.io/tunnels.net.example.org created
  # 2s
  $ kubectl get tn
  ! No resources found in default namespace.
  $ kubectl delete crd tunnels.net.example.org
  customresourcedefinition.apiextensions.k8s.io "tunnels.net.example.org" deleted
  $ kubectl get tn home
  ! Error from server (NotFound): the server could not find the requested resource (get tunnels.net.example.org home)
  [1]
  $ kubectl get tunnels.net.example.org
  ! error: the server doesn't have a resource type "tunnels"
  [1]
`)

check('a program by itself is run in the container that debugs', `
  $ kubectl apply -f bare.yaml
  pod/bare created
  # 5s
  $ kubectl debug bare -it --image=busybox:1.36 -c look --profile=general -- hostname
  bare
  ! Unable to use a TTY - input is not a terminal or the right kind of file
  ! All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
  ! If you don't see a command prompt, try pressing enter.
  $ kubectl get pod bare -o jsonpath={.spec.ephemeralContainers[0].name}{.spec.ephemeralContainers[0].stdin}{.spec.ephemeralContainers[0].tty}
  looktruetrue
  $ kubectl debug bare -it --image=busybox:1.36 -q --profile=general
  ! NotModelled: kubectl debug: what somebody types in a container; --attach=false makes it and ends, and a few programs by themselves are known (\`-- nslookup web\`)
  [2]
`)
