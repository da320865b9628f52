import { expect, test } from 'vitest'
import { expandManagedFields } from '../src/runtime-model/api/managed-fields.ts'
import type { PatchType } from '../src/runtime-model/api/request.ts'
import { startServers } from './support/api-servers.ts'
import recorded from './patch-sequences.json' with { type: 'json' }

/**
 * Random writes of several managers to one PodTemplate (which no controller touches), and what a 1.35.4 API server made of each: server-side applies with and
 * without force, strategic merge patches with directives, merge patches, JSON patches, PUTs. Refused ones change nothing.
 */
interface Write {
  readonly op: 'create' | 'update' | 'apply' | 'strategic' | 'merge' | 'json'
  readonly manager: string
  readonly force?: boolean
  readonly body: any
  readonly code: number
  readonly message?: string
  readonly warnings?: readonly string[]
  readonly metadata?: any
  readonly template?: any
  readonly managers?: readonly unknown[]
}
const patches: Readonly<Record<string, PatchType>> = {
  apply: 'application/apply-patch+yaml', strategic: 'application/strategic-merge-patch+json', merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
}
const of = { resource: 'podtemplates', namespace: 'default', userAgent: 'curl' } as const

function outcome(answer: any): Partial<Write> {
  if (answer.code >= 300) return { code: answer.code, message: answer.body.message }
  const { uid: _u, creationTimestamp: _c, resourceVersion: _r, managedFields: _m, name: _n, namespace: _s, ...metadata } = answer.body.metadata
  const managers = expandManagedFields(answer.body).map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fields: fieldsV1 }))
    .sort((a, b) => a.manager + a.operation < b.manager + b.operation ? -1 : 1)
  return { code: answer.code, ...answer.warnings?.length ? { warnings: answer.warnings } : undefined, metadata, template: answer.body.template, managers }
}

test.each((recorded as unknown as readonly (readonly Write[])[]).map((writes, i) => [i + 1, writes] as const))('sequence %i', (_, writes) => {
  const servers = startServers()
  servers.say('create serviceaccounts default/default')
  for (const [i, { op, manager, force, body, ...told }] of writes.entries()) {
    const verb = op === 'create' || op === 'update' ? op : 'patch'
    const answer = servers.ask({
      ...of, verb, fieldManager: manager, body, ...verb === 'create' ? undefined : { name: 'it' }, ...verb === 'patch' ? { patchType: patches[op] } : undefined,
      ...force ? { force } : undefined,
    })
    expect({ step: i, ...outcome(answer) }).toEqual({ step: i, ...told })
  }
})
