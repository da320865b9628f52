import { tableOf } from '../../../base/table.ts'
import type { Cluster } from '../../cluster.ts'
import { failed, parse, version, type Command, type Output } from './command.ts'
import { del, get, put, watch } from './keys.ts'
import * as leases from './leases.ts'
import * as members from './members.ts'
import { restore, save, status } from './snapshots.ts'
import { txn } from './txn.ts'
import { alarmDisarm, alarmList, compact, defrag, endpointHash, endpointHealth, endpointStatus } from './state.ts'

type Args = Readonly<Record<string, any>>

/**
 * The operator's etcdctl 3.6 on an etcd machine: the machine of the first member that runs, or those of `--endpoints` and `--cluster`. It looks at
 * the members rather than asking them over the network; what it changes goes through the Raft log, and what cannot be answered takes
 * `--command-timeout`. The values of Kubernetes' objects are printed as JSON, and what a client logs (`{"level":"warn"…`) is left out.
 * Source: etcd etcdctl/ctlv3/command.
 */
export const etcdctl = (cluster: Cluster, args: Args): string => run(cluster, 'etcdctl', ofEtcdctl, args)
/** etcdutl 3.6, which works on files. Source: etcd etcdutl/etcdutl */
export const etcdutl = (cluster: Cluster, args: Args): string => run(cluster, 'etcdutl', ofEtcdutl, args)

function run(cluster: Cluster, program: string, commands: Readonly<Record<string, Command>>, { args, stdin }: Args): string {
  const { words, flags } = parse(args), command = commands[`${words[0]} ${words[1]}`] ?? commands[words[0]]
  const output: Output = command?.({ cluster, words, flags, stdin }) ?? failed(`not modelled: ${program} ${args.join(' ')}`)
  return JSON.stringify({ stdout: '', stderr: '', code: 0, ...output })
}

const versions = (program: string): Command => () => ({ stdout: `${program} version: ${version}\nAPI version: 3.6\n` })

const ofEtcdctl = tableOf<Command>({
  get, put, del, watch, txn,
  'lease grant': leases.grant, 'lease list': leases.list, 'lease timetolive': leases.timeToLive, 'lease revoke': leases.revoke,
  'lease keep-alive': leases.keepAlive,
  'member list': members.list, 'member add': members.add, 'member remove': members.remove, 'member promote': members.promote, 'member update': members.update,
  'move-leader': members.moveLeader,
  'endpoint status': endpointStatus, 'endpoint health': endpointHealth, 'endpoint hashkv': endpointHash, 'alarm list': alarmList, 'alarm disarm': alarmDisarm,
  compact, compaction: compact, defrag, 'snapshot save': save, version: versions('etcdctl'),
})
const ofEtcdutl = tableOf<Command>({ 'snapshot status': status, 'snapshot restore': restore, version: versions('etcdutl') })
