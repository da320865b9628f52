import { expect, test } from 'vitest'
import { printedBy, readBehaviour } from '../src/runtime-model/api/behaviour.ts'
import { dedent, terminal } from './support/transcript.ts'

const POD = (name: string, behaviour: string, more = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: talk }, annotations: { behaviour.kscenario.dev/main: '${behaviour}' } }
spec: { containers: [{ name: main, image: "example.com/main:1" }${more}] }
---
`
const files = {
  'talk.yaml': POD('talk', 'prints: [{ line: "one" }, { after: 2s, every: 2s, line: tick }]'),
  'crash.yaml': POD('crash', '{ prints: "starting\\nfailed", exit: { after: 2s, code: 1 } }'),
  'pair.yaml': POD('pair', 'prints: hello', ', { name: other, image: "example.com/other:1" }'),
}
const check = (name: string, text: string): void => {
  test(name, async () => { const expected = dedent(text); expect(await terminal({ files, whole: true }).type(expected)).toBe(expected) })
}

check('lines come as the behaviour says, and as many are shown as are asked for', `
  $ kubectl apply -f talk.yaml
  pod/talk created
  $ kubectl wait --for=condition=Ready pod/talk
  pod/talk condition met
  # 5s
  $ kubectl logs talk
  one
  tick
  tick
  $ kubectl logs talk --tail=1 --prefix
  [pod/talk/main] tick
  $ kubectl logs talk --since=2s
  tick
  $ kubectl logs talk --limit-bytes=5
  one
  t
  $ kubectl logs talk -c nope
  ! error: container nope is not valid for pod talk
  [1]
  $ kubectl logs -l app=talk --tail=2
  tick
  tick
  $ kubectl logs talk -f
  ! NotModelled: kubectl logs --follow of a container that runs: it never ends
  [2]`)

check('what a container printed before it crashed is there with -p', `
  $ kubectl apply -f crash.yaml
  pod/crash created
  # 4s
  $ kubectl logs crash
  starting
  failed
  $ kubectl logs crash -p
  starting
  failed`)

check('of several containers one is chosen, and of one nothing may be known', `
  $ kubectl apply -f pair.yaml
  pod/pair created
  # 5s
  $ kubectl logs pair
  hello
  ! Defaulted container "main" out of: main, other
  $ kubectl logs pair -c other
  ! NotModelled: what container other of pod pair prints; a behaviour says it: \`prints: [{ after: AGE, line: ready }]\`
  [2]`)

test('times are those of the node, with nine digits', async () => {
  const { driver, type } = terminal({ files, whole: true })
  await type('$ kubectl apply -f talk.yaml\n# 3s')
  const { runCommandLine } = await import('../src/clients/index.ts')
  const { stdout } = await runCommandLine('kubectl logs talk --timestamps', {
    driver, credentials: { user: 'admin', groups: ['system:masters'] }, namespace: 'default', readFile: () => undefined, binding: () => undefined,
  })
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000000Z one\n/)
})

test('who may not read them is told, and so is a kubelet that is away', async () => {
  const { driver, type } = terminal({ files, whole: true })
  await type('$ kubectl apply -f talk.yaml\n# 3s')
  expect(await type('$ kubectl logs talk --as=ana')).toContain(
    '! Error from server (Forbidden): pods "talk" is forbidden: User "ana" cannot get resource "pods"'
  )
  const node = driver.stored('pods', 'default', 'talk')!.spec.nodeName
  driver.inject('component-down', { component: 'kubelet', node })
  expect(await type('$ kubectl logs talk')).toMatch(
    /! Error from server: Get "https:\/\/\S+:10250\/containerLogs\/default\/talk\/main": dial tcp \S+: connect: connection refused/
  )
})

test.each([
  [{ prints: [{ line: 5 }] }, 'prints[0].line must be a text'], [{ prints: [{ when: '1s', line: 'a' }] }, 'unknown key "prints[0].when"'],
  [{ prints: 5 }, 'prints must be a list'],
])('%j is refused', (value, why) => expect(readBehaviour(value).error).toContain(why))
test('a line that comes again', () => {
  const { behaviour } = readBehaviour({ prints: [{ after: '1s', every: '2s', line: 'a' }, { after: '2s', line: 'b' }] })
  expect(printedBy(behaviour!, 5000)!.map(p => `${p.afterMs} ${p.line}`)).toEqual(['1000 a', '2000 b', '3000 a', '5000 a'])
})
