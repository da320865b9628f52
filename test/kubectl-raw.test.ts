import { expect, test } from 'vitest'
import { textOf } from '../src/base/text-of-bytes.ts'
import { dedent, terminal } from './support/transcript.ts'

/** `--raw`, files that are no text and contexts that are none; all answers were seen at 1.35.4. */
const files = {
  'raw.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw"},"data":{"x":"y"}}', 'odd.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"odd"},"nope":1}',
  'blob.bin': textOf(new Uint8Array([0, 1, 2, 255, 254])), 'bin/one.bin': textOf(new Uint8Array([0xc3, 0x28])), 'bin/two.txt': 'täxt\n',
  'kb/blob.bin': textOf(new Uint8Array([0, 1, 2, 255, 254])), 'kb/kustomization.yaml': 'configMapGenerator: [{name: kbm, files: [blob.bin]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n',
}
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text)
    expect((await terminal({ files }).type(expected)).replace(/^\{"kind":"(\w+)".*"name":"raw".*\}$/gm, '<$1 raw>').replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"VERSION"')).toBe(expected)
  })
}

check('a path says in its query what is asked, of a write too', `
  $ kubectl create --raw '/api/v1/namespaces/default/configmaps?dryRun=All&fieldValidation=Strict' -f odd.json
  ! Error from server (BadRequest): ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope"
  [1]
  $ kubectl create --raw '/api/v1/namespaces/default/configmaps' -f raw.json
  <ConfigMap raw>
  $ kubectl get --raw '/api/v1/namespaces/default/configmaps/raw?foo=bar'
  <ConfigMap raw>
  $ kubectl get --raw '/api/v1/namespaces/default/configmaps?limit=x'
  ! Error from server (BadRequest): strconv.ParseInt: parsing "x": invalid syntax
  [1]
  $ kubectl get --raw '/api/v1/namespaces/default/configmaps?resourceVersion=abc'
  ! Error from server (BadRequest): invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax
  [1]
  $ kubectl get --raw '/api/v1/namespaces/default/configmaps?resourceVersion=0&resourceVersionMatch=Exact'
  ! The ListOptions "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
  [1]
  $ kubectl get --raw '/api/v1/namespaces/default/configmaps?watch=true'
  ! NotModelled: kubectl get --raw of a watch that nothing ends: \`timeoutSeconds=…\` in its query does
  [2]
  $ kubectl delete --raw '/api/v1/namespaces/default/configmaps/raw?propagationPolicy=Nope'
  ! The DeleteOptions "" is invalid: propagationPolicy: Unsupported value: "Nope": supported values: "Foreground", "Background", "Orphan", "nil"
  [1]
  $ kubectl delete --raw '/api/v1/namespaces/default/configmaps?labelSelector=a%3Db'
  {"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"VERSION"},"items":[]}
  $ kubectl delete --raw '/api/v1/namespaces/default/configmaps?fieldSelector=metadata.name%3Draw'
  <ConfigMapList raw>
  $ kubectl get cm raw
  ! Error from server (NotFound): configmaps "raw" not found
  [1]
  $ kubectl delete --raw /version
  ! Error from server (MethodNotAllowed): the server does not allow this method on the requested resource
  [1]
  $ kubectl create --raw /version -f raw.json
  ! Error from server (MethodNotAllowed): the server does not allow this method on the requested resource
  [1]
  $ kubectl get --raw /apis/apps/v2/namespaces/default/deployments
  ! Error from server (NotFound): the server could not find the requested resource
  [1]
`)
test('a watch lasts as long as its query says', async () => {
  const { type } = terminal({ files })
  await type('$ kubectl create configmap one')
  const out = await type("$ kubectl get --raw '/api/v1/namespaces/default/configmaps?watch=1&fieldSelector=metadata.name=one&timeoutSeconds=2'")
  expect(out.split('\n').slice(1).map(line => JSON.parse(line)).map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual(['ADDED one'])
  expect(await type("$ kubectl get --raw '/api/v1/namespaces/default/configmaps/one?pretty=true'")).toContain('{\n  "kind": "ConfigMap",\n  "apiVersion": "v1",')
})
check('a file that is no text stands in binaryData, and goes into a Secret as it is', `
  $ kubectl create configmap b1 --from-file=blob.bin
  configmap/b1 created
  $ kubectl get cm b1 -o jsonpath='{.binaryData} {.data}'
  {"blob.bin":"AAEC//4="}
  $ kubectl create configmap b2 --from-file=blob.bin --from-literal=blob.bin=x
  ! error: cannot add key "blob.bin", another key by that name already exists in BinaryData for ConfigMap "b2"
  [1]
  $ kubectl create configmap b4 --from-file=bin
  configmap/b4 created
  $ kubectl get cm b4 -o jsonpath='{.binaryData} {.data}'
  {"one.bin":"wyg="} {"two.txt":"täxt\\n"}
  $ kubectl create secret generic b5 --from-file=blob.bin --from-file=bin/two.txt
  secret/b5 created
  $ kubectl get secret b5 -o jsonpath='{.data}'
  {"blob.bin":"AAEC//4=","two.txt":"dMOkeHQK"}
  $ kubectl create cm b6 --from-env-file=blob.bin
  ! error: env file blob.bin contains invalid utf8 bytes at line 1: [0 1 2 255 254]
  [1]
  $ kubectl kustomize kb
  apiVersion: v1
  binaryData:
    blob.bin: AAEC//4=
  kind: ConfigMap
  metadata:
    name: kbm
`)

const connecting = [
  'run a --image=b', 'wait --for=delete pod/a', 'create ns a', 'create -f raw.json', 'create deploy a --image=b --dry-run=client', 'create role a --verb=get --resource=pods', 'auth can-i get pods',
  'auth whoami', 'apply -f raw.json', 'expose pod a --port=1', 'cordon n', 'drain n', 'cluster-info', 'diff -f raw.json', 'replace -f raw.json', 'autoscale deploy a --max=2',
  'certificate approve a', 'set env deploy/a A=b', 'version',
]
const asking = [
  'get pods', 'delete pod a', 'logs a', 'exec a -- ls', 'describe pod a', 'scale deploy a --replicas=1', 'rollout status deploy/a', 'label pod a b=c', 'patch pod a -p {}', 'set image deploy/a a=b', 'top pods',
  'taint node n a=b:NoSchedule', 'cp a:/x y', 'create token a', 'apply view-last-applied deploy/a', 'debug a --image=b',
]
test('who connects tells otherwise of a context that is none than who asks for the namespace', async () => {
  const said = async (command: string): Promise<string> => (await terminal({ files }).type(`$ kubectl --context=x ${command}`)).split('\n')[1]
  for (const command of connecting) expect([command, await said(command)]).toEqual([command, '! error: context "x" does not exist'])
  for (const command of asking) expect([command, await said(command)]).toEqual([command, '! Error in configuration: context was not found for specified context: x'])
  const cluster = async (command: string): Promise<string> => (await terminal({ files }).type(`$ kubectl --cluster=x ${command}`)).split('\n')[1]
  expect([await cluster('run a --image=b'), await cluster('get pods')]).toEqual(['! error: cluster "x" does not exist', '! error: no server found for cluster "x"'])
})
