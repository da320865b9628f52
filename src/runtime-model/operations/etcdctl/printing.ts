import type { Item } from '../../etcd/index.ts'
import { exit, failed, type Invocation, type Output } from './command.ts'
import { clusterNumber, decimal, endpointOf, numberOf, type Endpoint } from './endpoints.ts'
import { textTable } from './text-table.ts'

/** A key as responses have it; numbers of 64 bits as decimal digits. */
export interface KeyValue {
  readonly key: string; readonly value: string; readonly created: number; readonly modified: number; readonly version: number
  /** hexadecimal; '' without one */
  readonly lease: string
}
export const keyValue = (key: string, value: string, { created, revision, version }: Item, lease: string): KeyValue =>
  ({ key, value, created, modified: revision, version, lease })

export type Format = 'simple' | 'json' | 'fields' | 'table'

/** `-w`. Source: etcd etcdctl/ctlv3/command/printer.go */
export function formatOf({ flags }: Invocation): Format | Output {
  const format = flags['write-out'] ?? 'simple'
  if (format === 'simple' || format === 'json' || format === 'fields' || format === 'table') return format
  return format === 'protobuf' ? failed('not modelled: etcdctl -w protobuf') : failed('unsupported output format', exit.badFeature)
}
/** A response in the format that is wanted. One in which it cannot be printed is an error, which says nothing of what has been done. */
export function inFormat(format: Format, texts: { readonly [F in Format]?: () => string }): Output {
  const text = texts[format]
  return text ? { stdout: text() } : failed(`${format} not supported as output format`, exit.badFeature)
}

/** Numbers of 64 bits in JSON: JavaScript has none, so they are text with a mark until it is printed. */
export const wide = (hexadecimal: string): string => `№${decimal(hexadecimal)}`
export const json = (value: unknown): string => `${JSON.stringify(value).replace(/"№(-?\d+)"/g, '$1')}\n`

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

/** The head of a response, as the member is now; `revision` of those that have to do with keys. */
export function headerOf({ cluster }: Invocation, to: Endpoint, revision: boolean): Record<string, unknown> {
  const { raft, keyspace } = endpointOf(cluster, to.id).state
  return {
    cluster_id: wide(clusterNumber), member_id: wide(numberOf(cluster, to.id)), ...revision ? { revision: keyspace.revision } : {}, raft_term: raft.term,
  }
}
export function headerFields({ cluster }: Invocation, to: Endpoint, revision: boolean): string {
  const { raft, keyspace } = endpointOf(cluster, to.id).state
  const ids = `"ClusterID" : ${decimal(clusterNumber)}\n"MemberID" : ${decimal(numberOf(cluster, to.id))}\n`
  return `${ids}${revision ? `"Revision" : ${keyspace.revision}\n` : ''}"RaftTerm" : ${raft.term}\n`
}

export const jsonKey = ({ key, value, created, modified, version, lease }: KeyValue): Record<string, unknown> => ({
  key: base64(key), ...created ? { create_revision: created } : {}, mod_revision: modified, ...version ? { version } : {},
  ...value === '' ? {} : { value: base64(value) }, ...lease ? { lease: wide(lease) } : {},
})
export const fieldsKey = ({ key, value, created, modified, version, lease }: KeyValue, prefix = ''): string => [
  ['Key', JSON.stringify(key)], ['CreateRevision', created], ['ModRevision', modified], ['Version', version], ['Value', JSON.stringify(value)],
  ['Lease', lease ? decimal(lease) : 0],
].map(([name, text]) => `"${prefix}${name}" : ${text}\n`).join('')
export function simpleKey({ key, value }: KeyValue, { hex }: Invocation['flags'], valueOnly = false): string {
  const shown = hex ? inHex : (text: string): string => text
  return valueOnly ? `${shown(value)}\n` : `${shown(key)}\n${shown(value)}\n`
}
/** `--hex`: every byte as `\x61`. Source: etcd etcdctl/ctlv3/command/util.go (addHexPrefix) */
const inHex = (text: string): string => Buffer.from(text).toString('hex').replace(/../g, byte => `\\x${byte}`)

export const rows = (format: string, header: readonly string[], lines: readonly (readonly string[])[]): string =>
  format === 'table' ? textTable(header, lines) : lines.map(row => `${row.join(', ')}\n`).join('')
