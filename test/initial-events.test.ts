import { expect, test } from 'vitest'
import type { ApiRequest } from '../src/runtime-model/api/request.ts'
import { serversThatHave, startServers, toldTo, watcher } from './support/api-servers.ts'

/** Watches that tell what there is first (WatchList), as a 1.35.4 API server serves them. */
const told = (request: Partial<ApiRequest>): readonly string[] => {
  const servers = startServers({ actors: [watcher('w', { namespace: 'default', ...request })] })
  servers.say('create configmaps default/a')
  servers.kernel.runTo(servers.kernel.now + 500)
  return toldTo(servers, 'w')
}
test('what there is comes first, then a bookmark that says so, for who takes bookmarks', () => {
  const all = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } as const
  expect(told({ ...all, allowWatchBookmarks: true })).toEqual(['initially 1', 'BOOKMARK undefined', 'ADDED a'])
  expect(told(all)).toEqual(['initially 0', 'ADDED a'])
  expect(told({ ...all, resourceVersion: '0', resource: 'namespaces', namespace: undefined, allowWatchBookmarks: true })).toEqual(
    ['initially 5', 'ADDED default', 'ADDED kube-node-lease', 'ADDED kube-public', 'ADDED kube-system', 'BOOKMARK undefined']
  )
})
test.each<[string, Partial<ApiRequest>]>([
  ['resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan', { sendInitialEvents: true }],
  ['resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan', { sendInitialEvents: false }],
  [
    '[resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    { sendInitialEvents: true, resourceVersionMatch: 'Exact', resourceVersion: '1' },
  ],
  [
    'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', continue: 'x' },
  ],
  ['sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list', { verb: 'list', sendInitialEvents: true }],
])('%s', (why, request) => {
  const answer = serversThatHave().ask({ verb: 'watch', resource: 'services', namespace: 'default', ...request })
  expect([answer.code, answer.body.message]).toEqual([422, `ListOptions.meta.k8s.io "" is invalid: ${why}`])
})
test('a 1.33 API server has no such watches', () => {
  const request = { verb: 'watch', resource: 'services', namespace: 'default', sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } as const
  expect(startServers({ version: '1.33.13' }).ask(request).body.message).toBe(
    'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
  )
})
