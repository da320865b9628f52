import { expect, test } from 'vitest'
import { runCommandLine } from '../src/clients/index.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import { runFeature } from './support/run-feature.ts'

/** What etcdctl 3.6.5 printed, one line after the other, before an etcd with `a` = 1; `stdin` without its line feeds at the ends of parts. */
const recorded: readonly (readonly [flags: string, stdin: string, out: string, code?: number])[] = [
  ['', 'value("a") = "1"\n\nput b 2\nget a\n\nput c 3\n\n', 'SUCCESS\n\nOK\n\na\n1\n'],
  ['', 'value("a") = "2"\n\nput b 2\n\nput c 3\nget a\ndel b\n\n', 'FAILURE\n\nOK\n\na\n1\n\n1\n'],
  [
    ' -i', 'value("a") = "1"\n\nput b 4\nget a --keys-only\n\n\n',
    'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nSUCCESS\n\nOK\n\na\n\n',
  ],
  ['', 'mod("a") > "0"\ncreate("zz") = "0"\nver("a") = "1"\n\nget a b\n\n\n', 'SUCCESS\n\na\n1\n'],
  ['', '\n\n\n', 'SUCCESS\n'], ['', '', 'Error: EOF\n', 3], ['', 'value("a") = "1"\n', 'Error: EOF\n', 3],
  ['', 'value(a) = "1"\n\n\n\n', 'Error: malformed comparison: value(a) = "1"; got value("")  ""\n', 3],
  ['', '  value("d")="1"  \n\nget d\n\n\n', 'Error: malformed comparison: value("d")="1"; got value("d")  ""\n', 3],
  ['', 'nope("a") = "1"\n\n\n\n', 'Error: malformed comparison: nope("a") = "1" (unknown target nope)\n', 3],
  ['', 'mod("a") > "x"\n\n\n\n', 'Error: invalid txn compare request: mod("a") > "x"\n', 3],
  ['', '\nnope b 2\n\n\n', 'Error: invalid txn request: nope b 2\n', 3],
  ['', '\nput b\n\n\n', 'Error: put command needs 1 argument and input from stdin or 2 arguments\n', 128],
  ['', '\nput b 1\nput b 2\n\n\n', 'Error: etcdserver: duplicate key given in txn request\n', 1],
  ['', '\nput g 1\ndel g\n\n\n', 'Error: etcdserver: duplicate key given in txn request\n', 1],
  ['', '\nput b "x y"\nget b\ndel a --prev-kv\nput d 1 --prev-kv\n\n\n', 'SUCCESS\n\nOK\n\nb\nx y\n\n1\na\n1\n\nOK\n'],
  ['', 'value("none") = ""\n\nput y 1\n\nget d\n\n', 'FAILURE\n\nd\n1\n'],
  [' extra', '\n\n\n', 'Error: txn command does not accept argument\n', 128], [' -w table', '\n\n\n', 'Error: table not supported as output format\n', 4],
]
test('a transaction prints what it prints before a real etcd', async () => {
  const driver = createModelDriver({ bare: true, nodes: [{ name: 'worker-1' }] }), credentials = { user: 'kubernetes-admin', groups: ['system:masters'] }
  const run = async (line: string, stdin?: string) => {
    const { stdout, stderr, code } = await runCommandLine(line, { driver, credentials, namespace: 'default', useNamespace() {}, readFile: () => undefined, stdin } as any)
    return [stdout + stderr, code] as const
  }
  await run('etcdctl put a 1')
  for (const [flags, stdin, out, code = 0] of recorded) expect(await run(`etcdctl txn${flags}`, stdin), stdin).toEqual([out, code])
  // all that it writes has one revision, which its answers tell
  const [text] = await run('etcdctl txn -w json', 'value("d") = "1"\n\nput b 5\nget b\ndel d\n\n\n'), { header: { revision }, responses, succeeded } = JSON.parse(text)
  expect([succeeded, responses]).toEqual([true, [
    { Response: { response_put: { header: { revision } } } },
    {
      Response: {
        response_range: { header: { revision }, kvs: [{ key: 'Yg==', create_revision: revision - 2, mod_revision: revision, version: 3, value: 'NQ==' }], count: 1 },
      },
    },
    { Response: { response_delete_range: { header: { revision }, deleted: 1 } } },
  ]])
  expect((await run(`etcdctl watch "" --prefix --rev=${revision}`))[0]).toBe('PUT\nb\n5\nDELETE\nd\n\n')
})

test('what a command reads stands below its step', async () => {
  const { statuses, story } = await runFeature({
    below: `Given a cluster with 1 node
    When I run "etcdctl txn" with input:
    """
    create("lock") = "0"

    put lock me

    get lock

    """
    Then the last command prints "SUCCESS"
    When I run "kubectl create -f -" with this input:
    """
    { apiVersion: v1, kind: ConfigMap, metadata: { name: below } }
    """
    Then configmap below is present`,
  })
  expect(statuses, story('below')).toEqual({ below: 'passed' })
})
