import { expect, test } from 'vitest'
import { startControllers } from './support/controllers.ts'
import type { Controllers } from './support/controllers.ts'

/** Tokens in Secrets, which last as long as their account. Source: pkg/controller/serviceaccount/tokens_controller.go */
const type = 'kubernetes.io/service-account-token', nameMark = 'kubernetes.io/service-account.name', uidMark = 'kubernetes.io/service-account.uid'
const make = (c: Controllers, resource: string, name: string, more: any = {}): void => {
  const { annotations, ...rest } = more
  expect(c.ask({ verb: 'create', resource, namespace: 'default', body: { metadata: { name, annotations }, ...rest } }).code).toBe(201)
}
const token = (c: Controllers, name: string, account: string, more: any = {}, uid?: string): void =>
  make(c, 'secrets', name, { type, annotations: { [nameMark]: account, ...uid ? { [uidMark]: uid } : {} }, ...more })
const secret = (c: Controllers, name: string): any => c.stored('secrets').find(s => s.metadata.name === name)
const drop = (c: Controllers, resource: string, name: string): void => { c.ask({ verb: 'delete', resource, namespace: 'default', name }); c.settle() }

test('a Secret of this type is filled for its account, and goes with it', () => {
  const c = startControllers()
  make(c, 'serviceaccounts', 'bot')
  token(c, 'bot-token', 'bot', { data: { note: 'aGk=' } })
  make(c, 'secrets', 'other', { annotations: { [nameMark]: 'bot' } })
  c.settle()
  const account = c.stored('serviceaccounts').find(a => a.metadata.name === 'bot')!, { data, metadata } = secret(c, 'bot-token')
  expect(metadata.annotations).toMatchObject({ [nameMark]: 'bot', [uidMark]: account.metadata.uid })
  expect(Object.keys(data).sort()).toEqual(['ca.crt', 'namespace', 'note', 'token'])
  expect(atob(data.namespace)).toBe('default')
  const written = metadata.resourceVersion
  c.kernel.runTo(c.kernel.now + 60_000)
  expect(secret(c, 'bot-token').metadata.resourceVersion).toBe(written)
  drop(c, 'serviceaccounts', 'bot')
  expect([secret(c, 'bot-token'), secret(c, 'other').type]).toEqual([undefined, 'Opaque'])
})

test('one of an account that is not there, or was another of the same name, is deleted', () => {
  const c = startControllers()
  make(c, 'serviceaccounts', 'bot')
  token(c, 'lost', 'nobody')
  token(c, 'old', 'bot', {}, '00000000-0000-4000-8000-000000000000')
  token(c, 'new', 'bot')
  c.settle()
  expect(['lost', 'old', 'new'].filter(name => secret(c, name))).toEqual(['new'])
})

test('what somebody takes out of it comes back, and a token that is there stays', () => {
  const c = startControllers()
  make(c, 'serviceaccounts', 'bot')
  token(c, 'bot-token', 'bot')
  c.settle()
  const before = secret(c, 'bot-token').data
  c.ask({
    verb: 'patch', resource: 'secrets', namespace: 'default', name: 'bot-token', patchType: 'application/merge-patch+json',
    body: { data: { 'ca.crt': null, namespace: null } },
  })
  c.settle()
  expect(secret(c, 'bot-token').data).toEqual(before)
})

test('a controller manager that starts anew looks after those that were made meanwhile', () => {
  const c = startControllers(), [manager] = c.kernel.ids('kube-controller-manager')
  make(c, 'serviceaccounts', 'bot')
  c.settle()
  c.kernel.stop(manager)
  token(c, 'bot-token', 'bot')
  token(c, 'lost', 'nobody')
  c.kernel.start(manager)
  c.kernel.runTo(c.kernel.now + 60_000)
  expect([secret(c, 'lost'), Object.keys(secret(c, 'bot-token').data).length]).toEqual([undefined, 3])
})
