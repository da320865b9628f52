import { describe, expect, test } from 'vitest'
import { isThere } from '../src/clients/kubectl/containers/programs.ts'
import { resolvConf } from '../src/clients/kubectl/containers/names.ts'
import { dedent, terminal } from './support/transcript.ts'

const POD = (name: string, spec: string, container = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} }, annotations: { note: 'a "b"' } }
spec: { ${spec} containers: [{ name: main, image: "busybox:1.28" ${container} }] }
---
`
const files = {
  'env.yaml': POD('env', 'enableServiceLinks: false,', `, resources: { limits: { cpu: 1500m, memory: 64Mi } }, env: [
    { name: A, value: "one" }, { name: B, value: "$(A)-$(NOPE)-$$(A)" }, { name: NODE, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } },
    { name: CPUS, valueFrom: { resourceFieldRef: { resource: limits.cpu } } }, { name: MB, valueFrom: { resourceFieldRef: { resource: limits.memory, divisor: 1Mi } } },
    { name: LABEL, valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }]`),
  'info.yaml': POD('info', `volumes: [{ name: info, downwardAPI: { items: [{ path: notes, fieldRef: { fieldPath: metadata.annotations } }] } }],
    hostAliases: [{ ip: 192.0.2.7, hostnames: [ledger, accounts] }],`, ', volumeMounts: [{ name: info, mountPath: /info }]'),
  'web.yaml': `${POD('web', '', ', ports: [{ containerPort: 80 }]')}
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
}
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files, whole: true }).type(expected)).toBe(expected) })
}

describe('what a container was given', () => {
  check('its environment, with variables in variables', `
    $ kubectl apply -f env.yaml
    pod/env created
    # 5s
    $ kubectl exec env -- printenv A B CPUS MB LABEL
    one
    one-$(NOPE)-$(A)
    2
    64
    env
    $ kubectl exec env -- env
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    HOSTNAME=env
    A=one
    B=one-$(NOPE)-$(A)
    NODE=worker-2
    CPUS=2
    MB=64
    LABEL=env
    KUBERNETES_SERVICE_HOST=ADDRESS
    KUBERNETES_SERVICE_PORT=443
    KUBERNETES_SERVICE_PORT_HTTPS=443
    KUBERNETES_PORT=tcp://ADDRESS:443
    KUBERNETES_PORT_443_TCP=tcp://ADDRESS:443
    KUBERNETES_PORT_443_TCP_PROTO=tcp
    KUBERNETES_PORT_443_TCP_PORT=443
    KUBERNETES_PORT_443_TCP_ADDR=ADDRESS
    HOME=/root
    $ kubectl exec env -- printenv NOPE
    ! command terminated with exit code 1
    [1]
    $ kubectl exec env -- sh -c 'echo "$A" $B; false && echo never'
    one one-$(NOPE)-$(A)
    ! command terminated with exit code 1
    [1]`)
  check('files about itself', `
    $ kubectl apply -f info.yaml
    pod/info created
    # 5s
    $ kubectl exec info -- ls /info
    notes
    $ kubectl exec info -- cat /var/run/secrets/kubernetes.io/serviceaccount/namespace
    default
    $ kubectl exec info -- cat /etc/hosts
    # Kubernetes-managed hosts file.
    127.0.0.1	localhost
    ::1	localhost ip6-localhost ip6-loopback
    fe00::0	ip6-localnet
    fe00::0	ip6-mcastprefix
    fe00::1	ip6-allnodes
    fe00::2	ip6-allrouters
    ADDRESS	info

    # Entries added by HostAliases.
    192.0.2.7	ledger	accounts
    $ kubectl exec info -- cat /info/none
    ! cat: can't open '/info/none': No such file or directory
    ! command terminated with exit code 1
    [1]
    $ kubectl annotate pod info note=other --overwrite
    pod/info annotated
    $ kubectl exec info -- cat /info/notes
    ! NotModelled: when a volume follows metadata.annotations of its pod
    [2]
    $ kubectl exec info -- cat /etc/passwd
    ! NotModelled: what image busybox:1.28 has at /etc/passwd
    [2]`)
})

check('who answers', `
  $ kubectl apply -f web.yaml -f env.yaml
  pod/web created
  service/web created
  pod/env created
  # 8s
  $ kubectl exec env -- nslookup web
  Server:    ADDRESS
  Address 1: ADDRESS kube-dns.kube-system.svc.cluster.local

  Name:      web
  Address 1: ADDRESS web.default.svc.cluster.local
  $ kubectl exec env -- nslookup nowhere
  Server:    ADDRESS
  Address 1: ADDRESS kube-dns.kube-system.svc.cluster.local

  ! nslookup: can't resolve 'nowhere'
  ! command terminated with exit code 1
  [1]
  $ kubectl exec env -- wget -qO- http://web:80/x
  <200 from web, whose words are not modelled>
  $ kubectl exec env -- wget -O /dev/null web
  ! Connecting to web (ADDRESS:80)
  ! saving to '/dev/null'
  ! '/dev/null' saved
  $ kubectl exec env -- wget --spider --timeout=1 nowhere.default
  ! wget: bad address 'nowhere.default'
  ! command terminated with exit code 1
  [1]
  $ kubectl exec env -- nc -zv web 80
  ! web (ADDRESS:80) open
  $ kubectl exec svc/web -- hostname
  web
  $ kubectl exec env -- wget -qO- https://web
  ! NotModelled: TLS between containers
  [2]`)

check('a pod for one program', `
  $ kubectl apply -f web.yaml
  pod/web created
  service/web created
  # 8s
  $ kubectl run tmp --image=busybox:1.28 --rm -it --restart=Never -- wget -qO- -T 2 http://web
  <200 from web, whose words are not modelled>
  pod "tmp" deleted from default namespace
  ! Unable to use a TTY - input is not a terminal or the right kind of file
  ! All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
  ! If you don't see a command prompt, try pressing enter.
  $ kubectl run tmp --image=busybox:1.28 --rm -i --quiet --restart=Never --command -- nslookup nowhere
  Server:    ADDRESS
  Address 1: ADDRESS kube-dns.kube-system.svc.cluster.local

  pod "tmp" deleted from default namespace
  ! nslookup: can't resolve 'nowhere'
  ! pod default/tmp terminated (Error)
  [1]
  $ kubectl get pod tmp
  ! Error from server (NotFound): pods "tmp" not found
  [1]
  $ kubectl run tmp --image=nginx --rm -i --env=A=1 -q -- sh -c 'echo $A'
  1
  pod "tmp" deleted from default namespace
  $ kubectl run tmp --image=busybox --rm -t -- ls
  ! error: -i/--stdin is required for containers with -t/--tty=true
  ! See 'kubectl run -h' for help and examples
  [1]
  $ kubectl run tmp --image=busybox -i -- ls
  ! NotModelled: kubectl run of a program whose pod stays: with --rm its answer is told and the pod is gone
  [2]
  $ kubectl run tmp --image=busybox --rm -i -- top
  ! NotModelled: kubectl run: what \`top\` does in a container
  [2]`)

test('the right to it is asked for, and a rule of RBAC gives it', async () => {
  const { type } = terminal({ files, whole: true })
  await type('$ kubectl apply -f env.yaml\n# 5s\n$ kubectl create clusterrolebinding v --clusterrole=view --user=ana')
  expect(await type('$ kubectl exec env --as=ana -- true')).toContain(
    '! Error from server (Forbidden): pods "env" is forbidden: User "ana" cannot create resource "pods/exec" in API group "" in the namespace "default"'
  )
  expect(await type('$ kubectl create role e --verb=create --resource=pods/exec\n$ kubectl create rolebinding e --role=e --user=ana')).toContain('created')
  expect(await type('$ kubectl exec env --as=ana -- true')).toBe('$ kubectl exec env --as=ana -- true')
})

test('a container that has ended is not found', async () => {
  const { type } = terminal({ files, whole: true })
  await type('$ kubectl run gone --image=busybox:1.28 --annotations=behaviour.kscenario.dev/gone=exit:{after:1s}\n# 10s')
  expect(await type('$ kubectl exec gone -- true')).toContain('! error: Internal error occurred: unable to upgrade connection: container not found ("gone")')
})

test.each([
  ['busybox:1.36', 'curl', false], ['busybox:1.36', 'wget', true], ['nginx', '/bin/ls', true], ['nginx:1.27', 'wget', false], ['nginx:alpine', 'wget', true],
  ['registry.k8s.io/pause:3.10', 'sh', false], ['example.com/own:1', 'curl', true],
])('in %s, %s is there: %s', (image, program, there) => expect(isThere(image, program)).toBe(there))

test('a pod has its own resolver', () => {
  const pod = (spec: object): any => ({ metadata: { namespace: 'shop' }, spec })
  expect(resolvConf(pod({ dnsConfig: { options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }], searches: ['corp.example'] } }))).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local corp.example\nnameserver 10.96.0.10\noptions ndots:2 edns0\n'
  )
  expect(resolvConf(pod({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.1'] } }))).toBe('nameserver 192.0.2.1\n')
})
