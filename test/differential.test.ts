import { describe, expect, it } from 'vitest'
import { createModelDriver } from '../src/drivers/model.ts'
import { apart, comparable } from '../src/fidelity/differential/answers.ts'
import { chanceOf, mutate } from '../src/fidelity/differential/mutate.ts'
import { compared, type Asked } from '../src/fidelity/differential/trial.ts'

const manifests = [
  { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'shop/web:1', ports: [{ containerPort: 80 }] }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour: 'blue' } },
]
async function cluster(): Promise<Asked> {
  const driver = createModelDriver({ nodes: [{ name: 'worker-1' }], bare: true })
  await driver.advance(60_000)
  return driver
}
const trial = { seed: 7, count: 400, manifests }

describe('the same mistakes, sent to two clusters', () => {
  it('are answered alike by two that are the same, some accepted and some refused', async () => {
    const { accepted, disagreements } = await compared(await cluster(), await cluster(), trial)
    expect(disagreements).toEqual([])
    expect(accepted).toBeGreaterThan(40)
    expect(trial.count - accepted).toBeGreaterThan(100)
  })
  it('show what one of them has forgotten', async () => {
    const model = await cluster()
    const forgetful: Asked = {
      async request(request) {
        const answer = await model.request(request)
        return answer.code === 422 && /Required value/.test(answer.body.message) ? { code: 201, body: request.body } : answer
      },
    }
    const { disagreements } = await compared(await cluster(), forgetful, trial)
    expect(disagreements.length).toBeGreaterThan(10)
    expect(disagreements.every(d => /Required value|is invalid/.test(d.real) || /422/.test(d.real))).toBe(true)
  })
  it('are the same again with the same seed, and leave nothing behind', async () => {
    const driver = createModelDriver({ nodes: [{ name: 'worker-1' }], bare: true }), asked: string[] = []
    const listening: Asked = { request: request => { asked.push(JSON.stringify(request)); return driver.request(request) } }
    await compared(listening, await cluster(), { ...trial, count: 60 })
    const before = asked.splice(0)
    await compared(listening, await cluster(), { ...trial, count: 60 })
    expect(asked).toEqual(before)
    expect(driver.storedList('configmaps', 'default').filter(o => o.metadata.name.startsWith('trial-'))).toEqual([])
  })
})

describe('a mutation', () => {
  it('changes something, and mostly what its type knows', () => {
    const told = Array.from({ length: 200 }, (_, seed) => {
      const pod = structuredClone(manifests[0])
      mutate(pod, 'core.v1.Pod', chanceOf(seed))
      return JSON.stringify(pod)
    })
    expect(told.filter(text => text !== JSON.stringify(manifests[0])).length).toBeGreaterThan(150)
    expect(new Set(told).size).toBeGreaterThan(120)
  })
})

describe('two answers', () => {
  const invalid = (...problems: string[]) => ({ code: 422, body: { reason: 'Invalid', message: `Pod "a" is invalid: [${problems.join(', ')}]` } })
  it('are alike in any order of complaints, and with other ids', () => {
    expect(comparable(invalid('spec.a: Required value', 'spec.b: Required value'), undefined)).toBe(comparable(invalid('spec.b: Required value', 'spec.a: Required value'), undefined))
    const made = (uid: string, name: string) => ({ code: 201, body: { metadata: { generateName: 'web-', name, uid }, spec: { clusterIP: name } } })
    expect(comparable(made('1', 'web-abcde'), 'web-')).toBe(comparable(made('2', 'web-12345'), 'web-'))
  })
  it('differ by a complaint, a word, a warning', () => {
    const one = invalid('spec.a: Required value', 'spec.b: Required value')
    for (const other of [invalid('spec.a: Required value'), invalid('spec.a: Required value', 'spec.b: Forbidden'), { ...one, warnings: ['old'] }]) {
      expect(comparable(other, undefined)).not.toBe(comparable(one, undefined))
    }
  })
  it('are shown from where they part', () => { expect(apart(`${'x'.repeat(100)}a`, `${'x'.repeat(100)}b`)).toEqual([`${'x'.repeat(60)}a`, `${'x'.repeat(60)}b`]) })
})
