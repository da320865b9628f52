import { expect, test } from 'vitest'
import { startServers, watcher, type WatcherState } from './support/api-servers.ts'

/** Rows and metadata in place of objects, as a 1.35.4 API server answers all verbs with them. */
const start = () => {
  const servers = startServers()
  servers.say('create serviceaccounts default/default')
  servers.say('create configmaps default/one {"data":{"a":"1"},"metadata":{"labels":{"t":"x"}}}')
  return servers
}
const one = { resource: 'configmaps', namespace: 'default', name: 'one' }, body = { metadata: { name: 'two', labels: { t: 'x' } }, data: {} }
const as = 'Table', made = { verb: 'create', resource: 'configmaps', namespace: 'default', body } as const
const rowsOf = ({ body: { kind, columnDefinitions, rows } }: any): any =>
  [kind, columnDefinitions?.map((c: any) => c.name).join() ?? null, ...rows.map((r: any) => [r.cells.join(), r.object?.kind ?? null])]

test('rows are answered to whoever asks for them, of reads and of writes', () => {
  const servers = start(), patch = { verb: 'patch', patchType: 'application/merge-patch+json', body: { data: { b: '2' } } } as const
  expect(rowsOf(servers.ask({ ...one, as }))).toEqual(['Table', 'Name,Data,Age', ['one,1,0s', 'PartialObjectMetadata']])
  expect(rowsOf(servers.ask({ ...made, as }))).toEqual(['Table', 'Name,Data,Age', ['two,0,0s', 'PartialObjectMetadata']])
  expect(rowsOf(servers.ask({ ...one, ...patch, as, query: { includeObject: 'None' } }))).toEqual(['Table', 'Name,Data,Age', ['one,2,0s', null]])
  expect(rowsOf(servers.ask({ verb: 'deletecollection', resource: 'configmaps', namespace: 'default', labelSelector: 't=x', as, query: { includeObject: 'Object' } })))
    .toEqual(['Table', 'Name,Data,Age', ['one,2,0s', 'ConfigMap'], ['two,0,0s', 'ConfigMap']])
  expect(servers.ask({ verb: 'delete', resource: 'serviceaccounts', namespace: 'default', name: 'default', as }).body.kind).toBe('Table')
  expect(servers.ask({ ...one, name: 'nobody', as }).body.message).toBe('configmaps "nobody" not found')
  expect(servers.ask({ verb: 'list', ...one, name: undefined, as, query: { includeObject: 'Foo' } }).body.message).toMatch(/includeObject: Invalid value: "Foo"/)
  const review = { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', body: { spec: { resourceAttributes: { verb: 'get' } } } } as const
  expect(servers.ask({ ...review, as }).body.message).toBe(
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf'
  )
})
test('metadata alone is that of an object, or of a list: a write is done, though its answer cannot be told', () => {
  const servers = start(), list = { verb: 'list', resource: 'configmaps', namespace: 'default' } as const
  expect(Object.keys(servers.ask({ ...one, as: 'PartialObjectMetadata' }).body)).toEqual(['kind', 'apiVersion', 'metadata'])
  const all = servers.ask({ ...list, as: 'PartialObjectMetadataList' }).body
  expect([all.kind, all.items.map((o: any) => `${o.kind} ${o.metadata.name}`)]).toEqual(['PartialObjectMetadataList', ['PartialObjectMetadata one']])
  expect(servers.ask({ ...list, as: 'PartialObjectMetadata' }).body).toMatchObject({
    code: 406, reason: 'NotAcceptable', message: 'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
  })
  expect(servers.ask({ ...made, as: 'PartialObjectMetadataList' }).body.message).toBe(
    'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)'
  )
  expect(servers.ask({ ...one, name: 'two' }).code).toBe(200)
})
test('the first row of a watch comes with the columns, the others without', () => {
  const servers = start(), events: any[] = []
  const told = watcher('w', { resource: 'configmaps', namespace: 'default', as })
  servers.kernel.add({ ...told, step: (state: WatcherState, input: any, context: any) => {
    events.push(...input.on === 'message' && input.message.type === 'watch' ? input.message.events : [])
    return input.on === 'message' && input.message.type === 'watch' ? { state, effects: [] } : told.step(state, input, context)
  } })
  servers.kernel.runTo(servers.kernel.now + 100)
  servers.ask(made)
  servers.kernel.runTo(servers.kernel.now + 100)
  expect(events.map(e => [e.type, ...rowsOf({ body: e.object })])).toEqual([
    ['ADDED', 'Table', 'Name,Data,Age', ['one,1,0s', 'PartialObjectMetadata']], ['ADDED', 'Table', null, ['two,0,0s', 'PartialObjectMetadata']],
  ])
})

test('columns say what they show', () => {
  const about = (request: object): any => Object.fromEntries(start().ask({ ...request, as }).body.columnDefinitions.map((c: any) => [c.name, c.description]))
  expect(about(one).Name).toMatch(/^Name must be unique within a namespace\./)
  expect(about(one).Data).toMatch(/^Data contains the configuration data\./)
  expect(about({ verb: 'list', resource: 'pods' }).Ready).toBe('The aggregate readiness state of this pod for accepting traffic.')
  expect(about({ verb: 'list', group: 'apps', resource: 'deployments' })['Up-to-date']).toBe(
    'Total number of non-terminating pods targeted by this deployment that have the desired template spec.'
  )
})
