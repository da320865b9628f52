import { encryptedBy } from '../api/etcd.ts'
import type { Cluster } from '../cluster.ts'
import type { Keyspace, MemberState } from '../etcd/index.ts'

/**
 * The API servers' keys for Secrets at rest: all have the same. A key that something in etcd still needs cannot be taken away, as an API server that cannot
 * read a part of its objects is not modelled. Source: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#rotating-a-decryption-key
 */
export function encryptionKeys({ kernel }: Cluster): readonly string[] | undefined {
  const [server] = kernel.ids('kube-apiserver')
  return server === undefined ? undefined : kernel.stateOf<{ readonly encryptionKeys: readonly string[] }>(server).encryptionKeys
}

/** `{ keys }`: names, the first of which encrypts; `identity` encrypts nothing. They hold at once (--encryption-provider-config-automatic-reload). */
export function setEncryptionKeys({ kernel }: Cluster, { keys: given }: Readonly<Record<string, string>>): string | void {
  const keys = given.split(',').map(key => key.trim()), bad = keys.find((key, i) => !/^[\w.-]+$/.test(key) || keys.indexOf(key) < i)
  if (bad !== undefined) return `${JSON.stringify(given)} are no names of keys, each once, with commas between them`
  const servers = kernel.ids('kube-apiserver'), down = servers.find(id => kernel.statusOf(id) !== 'up')
  if (down) return `${down.replace('/', ' on ')} is not up: keys are given to API servers that run`
  const members = kernel.ids('etcd').map(id => kernel.stateOf<MemberState>(id).keyspace)
  const unreadable = unreadableWith(members.reduce((newest, k) => k.revision > newest.revision ? k : newest), keys)
  if (unreadable) return unreadable
  for (const id of servers) kernel.operate(id, 'encryption-keys', { keys })
  kernel.runTo(kernel.now)
}

/** Why API servers with these keys could not read everything. */
export function unreadableWith(keyspace: Keyspace, keys: readonly string[]): string | undefined {
  const readable = new Set(keys.map(encryptedBy))
  for (const [, { object: { metadata }, encrypted }] of keyspace.table('secrets')?.items() ?? []) {
    if (readable.has(encrypted)) continue
    const how = encrypted === undefined ? 'is not encrypted (identity)' : `is encrypted with ${encrypted.split(':')[2]}`
    return `not modelled: an API server that cannot read what it has stored: secret ${metadata.name} of namespace ${metadata.namespace} ${how}`
  }
  return undefined
}
