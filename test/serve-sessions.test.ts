import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { bytesOf } from '../src/base/text-of-bytes.ts'
import { createModelDriver } from '../src/drivers/model.ts'
import type { Driver } from '../src/drivers/driver.ts'
import { ADMIN } from '../src/runner/context.ts'
import { listen, type HttpServer } from '../src/serve/http-server.ts'
import { Pace } from '../src/serve/pace.ts'
import { ServedCluster } from '../src/serve/served-cluster.ts'
import { speakSpdy } from '../src/serve/streams/spdy.ts'
import { type SpdyClient, upgradeToSpdy } from './support/spdy-client.ts'

let driver: Driver, server: HttpServer, wallMs = 0
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
const pods = '/api/v1/namespaces/default/pods'
const pod = (name: string, image: string, more: object = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { ...more, containers: [{ name: 'app', image, ports: [{ containerPort: 80 }] }] },
})
beforeAll(async () => {
  driver = createModelDriver({ nodes: [{ name: 'worker-1' }, { name: 'worker-2' }] })
  driver.image('prints:1', { prints: [{ after: '1s', line: 'ready' }, { after: '3s', line: 'tick', every: '1s' }] })
  driver.image('ends:1', { prints: [{ after: '5s', line: 'done' }], exit: { after: '8s', code: 3 } })
  server = await listen(new ServedCluster(driver, new Pace(driver, 1, () => wallMs), ADMIN), 0, error => { throw error })
  await post(pods, pod('web', 'nginx', { nodeName: 'worker-1' }))
  await post(pods, pod('told', 'prints:1', { nodeName: 'worker-1' }))
  await post(pods, pod('lost', 'nginx', { nodeSelector: { no: 'where' } }))
  await pass(10_000)
})
afterAll(() => server.close())
/** The wall clock goes on, and the cluster follows it. */
async function pass(ms: number): Promise<void> {
  for (const to = driver.now() + ms; driver.now() < to;) {
    wallMs += 250
    await new Promise(done => { setTimeout(done, 10) })
  }
}

/** What comes through a WebSocket until it is over, channel by channel; a text is the refusal. */
function session(path: string, protocol = 'v5.channel.k8s.io', headers: Record<string, string> = {}): Promise<Record<string, any> | string> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${pods}/${path}`, protocol, { headers }), came: Record<string, any> = {}
  return new Promise(done => {
    socket.on('error', () => done('gone'))
    socket.on('unexpected-response', (_, answer) => {
      let text = ''
      answer.on('data', bytes => { text += bytes }).on('end', () => done(`${answer.statusCode} ${text.startsWith('{') ? JSON.parse(text).message : text}`))
    })
    socket.on('message', (data: Buffer) => {
      const [channel, text] = protocol.includes('base64') ? [data.toString()[0], Buffer.from(data.toString().slice(1), 'base64').toString()] : [data[0], data.subarray(1).toString()]
      came[channel] = `${came[channel] ?? ''}${text}`
    })
    socket.on('close', () => done({ ...came, 3: came[3] && JSON.parse(came[3]) }))
  })
}
const wanted = 'stdout=true&stderr=true', exec = (words: string, more = ''): string =>
  `web/exec?${words.split(' ').map(word => `command=${encodeURIComponent(word)}`).join('&')}&${wanted}${more}`

describe('a program in a container', () => {
  test('is run, and says how it ended', async () => {
    expect(await session(exec('echo hello world'))).toEqual({ 1: 'hello world\n', 3: { metadata: {}, status: 'Success' } })
    expect(await session(`web/exec?command=sh&command=-c&command=${encodeURIComponent('echo a; nc -v -z nobody 80')}&${wanted}&tty=true`))
      .toMatchObject({ 1: "a\r\nnc: bad address 'nobody'\r\n", 3: { status: 'Failure' } })
    expect(await session(exec('printenv NOBODY'))).toEqual({
      3: {
        metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '1' }] },
        message: 'command terminated with non-zero exit code: command terminated with exit code 1',
      },
    })
    expect(await session(exec('nc -v -z nobody 80'), 'v4.base64.channel.k8s.io')).toMatchObject({ 3: { status: 'Failure' } })
    expect(await session(exec('hostname'), 'v4.base64.channel.k8s.io')).toMatchObject({ 1: 'web\n', 3: { status: 'Success' } })
  })
  test('takes the time that it takes, while others go on', async () => {
    const from = driver.now()
    let over = false
    const slept = session(exec('sleep 20')).then(came => { over = true; return came })
    await pass(10_000)
    expect([over, (await (await fetch(`http://127.0.0.1:${server.port}/readyz`)).text())]).toEqual([false, 'ok'])
    await pass(11_000)
    expect(await slept).toMatchObject({ 3: { status: 'Success' } })
    expect(driver.now() - from).toBeGreaterThanOrEqual(20_000)
  })
  test('is refused before the connection is another, or told behind it', async () => {
    expect(await session('web/exec?command=env&container=nope')).toBe('400 container nope is not valid for pod web')
    expect(await session('nobody/exec?command=env')).toBe('404 pods "nobody" not found')
    expect(await session('lost/exec?command=env')).toBe('400 pod lost does not have a host assigned')
    expect(await session(exec('wget x'))).toMatchObject({ 3: { reason: 'InternalError', message: expect.stringMatching(/^Internal error occurred: Internal error occurred: error exec/) } })
    expect(await session(exec('vim'))).toMatchObject({ 3: { reason: 'NotModelled', message: expect.stringMatching(/^not modelled: what `vim` does in a container/) } })
    expect(await session(exec('env'), 'v9.channel.k8s.io')).toMatch(/^501 not modelled: a session in a WebSocket of v9.channel.k8s.io: there is v5/)
    expect(await (await fetch(`http://127.0.0.1:${server.port}${pods}/${exec('env')}`)).json()).toMatchObject({ code: 400, message: 'Upgrade request required' })
  })
  test('needs the right to create it, though a WebSocket begins with a GET', async () => {
    const rules = (verbs: string[]) => [{ apiGroups: [''], resources: ['pods/exec'], verbs }], at = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'
    for (const [user, verbs] of [['gina', ['get']], ['carl', ['create']], ['both', ['get', 'create']]] as const) {
      await post(`${at}/roles`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: user }, rules: rules([...verbs]) })
      await post(`${at}/rolebindings`, {
        apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: user }, subjects: [{ kind: 'User', name: user }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: user },
      })
    }
    await pass(1000)
    const as = (user: string) => session(exec('hostname'), 'v5.channel.k8s.io', { 'impersonate-user': user })
    expect(await as('gina')).toBe('403 pods "web" is forbidden: ')
    expect(await as('carl')).toBe('403 pods "web" is forbidden: User "carl" cannot get resource "pods/exec" in API group "" in the namespace "default"')
    expect(await as('both')).toMatchObject({ 1: 'web\n' })
  })
  test('is run over SPDY too', async () => {
    const refused = await upgradeToSpdy(server.port, `${pods}/web/exec?command=env&container=nope`, 'v4.channel.k8s.io')
    expect(refused).toMatch(/^HTTP\/1.1 400 [\s\S]*container nope is not valid/)
    const opened = await upgradeToSpdy(server.port, `${pods}/${exec('sh -c')}&command=${encodeURIComponent('echo hi; false')}`, 'v4.channel.k8s.io')
    if (typeof opened === 'string') throw new Error(opened)
    const [error, out] = ['error', 'stdout', 'stderr'].map(streamtype => opened.client.open({ streamtype }))
    await expect.poll(() => out.over && error.over).toBe(true)
    expect([out.replied, out.text, JSON.parse(error.text).details]).toEqual([true, 'hi\n', { causes: [{ reason: 'ExitCode', message: '1' }] }])
  })
})

test('headers are read as Go deflates them', () => {
  let take = (_: Uint8Array): void => {}
  const opened: unknown[] = []
  speakSpdy({ send() {}, close() {}, onGone() {}, onBytes(taker) { take = taker } }, ({ headers }) => opened.push(headers))
  // what kubectl 1.35.4 sends, in the pieces in which it comes
  for (const piece of ['8003', '0001', '000000290000000100000000000078f9e3c6a7c26260606004a7b392a2d4c45c6851c29a0a0a6800000000ffff', '8003',
    '00010000001900000003000000000000c22ac5565c92925f5a02000000ffff']) take(Buffer.from(piece, 'hex'))
  expect(opened).toEqual([{ streamtype: 'error' }, { streamtype: 'stdout' }])
})

describe('a watch', () => {
  const lines = (query: string, protocols: string | string[] = [], headers: Record<string, string> = { origin: 'http://localhost' }): Promise<readonly string[]> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${pods}?watch=true&${query}`, protocols, { headers }), came: string[] = []
    return new Promise(done => {
      socket.on('error', () => done(['gone'])).on('unexpected-response', (_, { statusCode }) => done([`refused ${statusCode}`]))
      socket.on('open', () => came.push(`open ${socket.protocol}`)).on('close', code => done([...came, `closed ${code}`]))
      socket.on('message', (line, isBinary) => {
        const { type, object } = JSON.parse(line.toString())
        came.push(`${isBinary ? 'bytes' : 'text'} ${type} ${object.metadata.name ?? object.code ?? object.kind}`)
      })
    })
  }
  test('may be a WebSocket, of any subprotocol, whose client says where it comes from', async () => {
    const one = 'fieldSelector=metadata.name=web&timeoutSeconds=2', came = lines(one), other = lines(one, 'base64.binary.k8s.io')
    await pass(3000)
    expect([await came, await other]).toEqual(['', 'base64.binary.k8s.io'].map(protocol => [`open ${protocol}`, 'text ADDED web', 'closed 1000']))
    expect([await lines(one, ['a', 'b']), await lines(one, [], {}), await lines('resourceVersion=x')]).toEqual([['refused 400'], ['refused 403'], ['refused 500']])
  })
  test('is told by bookmarks how far it has come: at once, each minute, and before it ends', async () => {
    const came = lines('fieldSelector=metadata.name=web&allowWatchBookmarks=true&timeoutSeconds=130')
    await pass(131_000)
    expect((await came).filter(line => line.startsWith('text BOOKMARK')).length).toBe(5)
  })
  test('an offer of another connection that nobody takes changes nothing', async () => {
    const answer = await new Promise<string>(done => {
      get(`http://127.0.0.1:${server.port}${pods}/web`, { headers: { connection: 'Upgrade', upgrade: 'h2c' } }, response => {
        let text = ''
        response.on('data', piece => { text += piece }).on('end', () => done(`${response.statusCode} ${JSON.parse(text).metadata.name}`))
      })
    })
    expect(answer).toBe('200 web')
  })
})

describe('what is typed', () => {
  const typed = async (words: string, input: Uint8Array): Promise<Record<string, string>> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${pods}/${exec(words, '&stdin=true')}`, 'v5.channel.k8s.io'), came: Record<string, string> = {}
    socket.on('open', () => {
      for (let at = 0; at < input.length; at += 300) socket.send(Buffer.concat([Buffer.from([0]), input.subarray(at, at + 300)]))
      socket.send(Buffer.from([255, 0]))
    })
    socket.on('message', (data: Buffer) => { came[data[0]] = `${came[data[0]] ?? ''}${data.subarray(1).toString()}` })
    return new Promise(done => { socket.on('close', () => done(came)) })
  }
  test('is read to its end, by a program that reads', async () => {
    expect(await typed('tee /tmp/typed', Buffer.from('bread\nwäter\n'))).toMatchObject({ 1: 'bread\nwäter\n', 3: expect.stringContaining('Success') })
    expect(await session(exec('cat /tmp/typed'))).toMatchObject({ 1: 'bread\nwäter\n' })
    expect(await session(exec('cat'))).toEqual({ 3: { metadata: {}, status: 'Success' } })
  })
  test('may be an archive, and what tar writes down unpacks again', async () => {
    const archive = (await session(exec('tar cf - /tmp/typed'))) as Record<string, string>
    expect([archive[2], archive[1].slice(0, 9), Buffer.byteLength(archive[1]) % 512]).toEqual(["tar: Removing leading `/' from member names\n", 'tmp/typed', 0])
    expect(await typed('tar -xmf - -C /tmp/again', Buffer.from(archive[1]))).toMatchObject({ 3: expect.stringContaining('Success') })
    expect(await session(exec('cat /tmp/again/tmp/typed'))).toMatchObject({ 1: 'bread\nwäter\n' })
    await typed('tee /tmp/bytes', new Uint8Array([255, 0, 10]))
    const bytes = await typed('tee /tmp/more', Buffer.from(((await session(exec('tar cf - /tmp/bytes'))) as Record<string, string>)[1]))
    expect([bytes[1].slice(0, 9), bytesOf(driver.nodeTruth.file(driver.stored('pods', 'default', 'web')!.metadata.uid!, 'app', '/tmp/bytes')!)]).toEqual(['tmp/bytes', new Uint8Array([255, 0, 10])])
    expect(await session(exec('test -d /tmp/again'))).toMatchObject({ 3: { status: 'Success' } })
    expect(await session(exec('test -d /tmp/typed'))).toMatchObject({ 3: { reason: 'NonZeroExitCode' } })
  })
})

describe('what a container prints', () => {
  test('is told as it is asked for', async () => {
    const log = async (query: string): Promise<string> => (await fetch(`http://127.0.0.1:${server.port}${pods}/told/log?${query}`)).text()
    expect((await log('tailLines=2')).split('\n')).toEqual(['tick', 'tick', ''])
    expect(await log('limitBytes=3')).toBe('rea')
    expect(await log('timestamps=true&tailLines=1')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000000Z tick\n$/)
    expect(await log('tailLines=0')).toBe('')
    expect(await (await fetch(`http://127.0.0.1:${server.port}${pods}/web/log`)).json()).toMatchObject({ code: 501 })
  })
  test('is followed until it ends, by a log and by one who is attached', async () => {
    await post(pods, pod('task', 'ends:1', { nodeName: 'worker-1', restartPolicy: 'Never' }))
    await pass(3000)
    const log = fetch(`http://127.0.0.1:${server.port}${pods}/task/log?follow=true`).then(answer => answer.text()), attached = session('task/attach?stdout=true')
    await pass(10_000)
    expect(await log).toBe('done\n')
    expect(await attached).toEqual({ 1: 'done\n', 3: { metadata: {}, status: 'Success' } })
    expect(await session('task/attach?stdout=true')).toMatchObject({
      3: { message: 'Internal error occurred: unable to upgrade connection: container app not found in pod task_default' },
    })
  })
})

describe('ports of a pod are forwarded', () => {
  const forwarded = async (client: SpdyClient, port: string, text: string, id: string) => {
    const [error, data] = ['error', 'data'].map(streamtype => client.open({ streamtype, port, requestid: id }))
    client.write(data.id, text)
    await expect.poll(() => data.text !== '' || error.text !== '').toBe(true)
    return error.text || data.text
  }
  const get = 'GET /a?b=c HTTP/1.1\r\nhost: x\r\n\r\n'
  const answered = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 45\r\n\r\n<200 from web, whose words are not modelled>\n'
  test('over SPDY', async () => {
    const opened = await upgradeToSpdy(server.port, `${pods}/web/portforward`, 'portforward.k8s.io')
    if (typeof opened === 'string') throw new Error(opened)
    expect(await forwarded(opened.client, '80', get, '0')).toBe(answered)
    expect(await forwarded(opened.client, '80', 'POST / HTTP/1.1\r\ncontent-length: 1\r\n\r\nx', '1')).toMatch(/^HTTP\/1.1 501 [\s\S]*not modelled: what a container answers to POST/)
    expect(await forwarded(opened.client, '81', get, '2')).toMatch(/^error forwarding port 81 to pod .*connect: connection refused$/)
    expect(await forwarded(opened.client, '80', 'PING\r\n and bytes', '3')).toBe('not modelled: what a container says to bytes that are no request of HTTP/1.1')
    opened.client.ping()
    await expect.poll(() => opened.client.pinged).toBe(7)
    opened.socket.destroy()
  })
  test('through a WebSocket', async () => {
    const opened = await upgradeToSpdy(server.port, `${pods}/web/portforward`, 'SPDY/3.1+portforward.k8s.io', true)
    if (typeof opened === 'string') throw new Error(opened)
    expect(await forwarded(opened.client, '80', get, '0')).toBe(answered)
    opened.socket.destroy()
  })
  test('as channels of a WebSocket', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${pods}/web/portforward?ports=80&ports=81`, ['v5.channel.k8s.io', 'v4.channel.k8s.io'])
    const came: string[] = ['', '', '', '']
    socket.on('message', (data: Buffer) => { came[data[0]] += data.subarray(1).toString('latin1') })
    await new Promise(done => socket.on('open', done))
    socket.send(new Uint8Array([0, ...Buffer.from(get)]))
    await expect.poll(() => came[0].length).toBeGreaterThan(2)
    expect([came[0], came[1], came[3]]).toEqual([`P\0${answered}`, 'P\0', 'Q\0'])
    socket.send(new Uint8Array([2, ...Buffer.from(get)]))
    await expect.poll(() => came[3]).toMatch(/connection refused$/)
    expect(await session('web/portforward', 'v4.channel.k8s.io')).toBe('400 query parameter "port" is required')
  })
})

test('sessions end with the kubelet, and none begins without it', async () => {
  const attached = session('told/attach?stdout=true')
  await pass(1000)
  expect(driver.inject('node-down', { node: 'worker-1' })).toMatchObject({})
  await pass(1000)
  expect(await attached).not.toHaveProperty('3.status')
  const why = /dial tcp \S+:10250: connect: no route to host$/
  expect(await session(exec('env'))).toMatchObject({ 3: { message: expect.stringMatching(/^Internal error occurred: error sending request: Post "https:\/\/\S+:10250\/exec\/default\/web\/app\?command=env&error=1&output=1": dial/) } })
  expect(await session(exec('env'), 'v4.channel.k8s.io')).toMatch(/^500 error dialing backend: dial tcp/)
  expect(await upgradeToSpdy(server.port, `${pods}/web/portforward`, 'SPDY/3.1+portforward.k8s.io', true)).toMatch(/no route to host/)
  expect(await (await fetch(`http://127.0.0.1:${server.port}${pods}/told/log`)).json()).toMatchObject({ code: 500, message: expect.stringMatching(why) })
})
