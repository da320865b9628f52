import { findSnapshot, restoreSnapshot, saveSnapshot } from '../etcd-snapshot.ts'
import { badArguments, failed, storageVersion, type Invocation, type Output } from './command.ts'
import { isEndpoint, note, reach } from './endpoints.ts'
import { formatOf, json, rows } from './printing.ts'
import { hashOf, sizeOf } from './state.ts'
import { allKeys } from './stored.ts'
import { humanBytes } from './text-table.ts'

/** etcdctl snapshot save: of one member, which needs no leader for it. */
export function save(invocation: Invocation): Output {
  const from = reach(invocation, false), [, , file, more] = invocation.words
  if (file === undefined || more !== undefined) return badArguments('snapshot save expects one argument <filename>')
  if (!isEndpoint(from)) return from
  note(invocation, from, 'snapshot')
  saveSnapshot(invocation.cluster, from.id, file)
  return { stdout: `Snapshot saved at ${file}\nServer version ${storageVersion}\n` }
}

/** etcdutl snapshot status */
export function status(invocation: Invocation): Output | undefined {
  const { cluster, words } = invocation, format = formatOf(invocation)
  if (typeof format !== 'string') return format
  if (words.length !== 3) return badArguments('snapshot status requires exactly one argument')
  const keyspace = findSnapshot(cluster, words[2])
  if (!keyspace) return failed(`stat ${words[2]}: no such file or directory`)
  const hash = hashOf(keyspace), { revision } = keyspace, totalKey = allKeys(keyspace).length, totalSize = sizeOf(keyspace)
  if (format === 'json') return { stdout: json({ hash, revision, totalKey, totalSize, version: storageVersion }) }
  if (format === 'fields') {
    return { stdout: `"Hash" : ${hash}\n"Revision" : ${revision}\n"Keys" : ${totalKey}\n"Size" : ${totalSize}\n"Version" : ${storageVersion}\n` }
  }
  return {
    stdout: rows(format, ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'], [[
      hash.toString(16), String(revision), String(totalKey), humanBytes(totalSize), storageVersion,
    ]]),
  }
}

/** etcdutl snapshot restore: on every machine of etcd, with all that is to be done around it (see `restoreSnapshot`). Its log lines are left out. */
export function restore({ cluster, words }: Invocation): Output {
  if (words.length !== 3) return badArguments('snapshot restore requires exactly one argument')
  if (!findSnapshot(cluster, words[2])) return failed(`open ${words[2]}: no such file or directory`)
  const why = restoreSnapshot(cluster, { file: words[2] })
  return why ? failed(why) : {}
}
