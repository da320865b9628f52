import type { PodRuntime } from '../api/cri.ts'
import { isUnconnected, noSandbox } from './agent.ts'
import { exited } from './containers.ts'
import { noHandlerText, onlyHandler } from './handlers.ts'
import type { Answer, Call, Turn } from './turn.ts'

/** A pod gets its sandbox, with an address of its own unless it uses the host's. Source: containerd internal/cri/server/sandbox_run.go */
export function runSandbox(turn: Turn, body: Call<'run-sandbox'>, answer: Answer): void {
  const { uid, namespace, name, attempt, annotations, memoryLimit } = body, before = turn.state.pods.get(uid), refused = refusal(turn, body)
  if (refused !== undefined) return answer({ error: refused })
  const ip = body.hostNetwork ? '' : address(turn, uid)
  if (ip === undefined) {
    return answer({ error: `rpc error: code = Unknown desc = failed to setup network for sandbox: no addresses left in ${turn.options.podCidr}` })
  }
  const pod: PodRuntime = {
    uid, namespace, name, containers: before?.containers ?? [],
    sandbox: {
      id: turn.id(`${name}_${namespace}_${uid}_${attempt}`), attempt, ready: true, ip, createdAt: turn.context.now, annotations,
      ...memoryLimit === undefined ? undefined : { memoryLimit },
      ...!body.hostNetwork && isUnconnected(turn.options.agent, turn.state) ? { unconnected: true } : undefined,
    },
  }
  turn.state.pods.set(uid, pod)
  answer({ pod })
}

function refusal(turn: Turn, { handler, hostNetwork }: Call<'run-sandbox'>): string | undefined {
  if (handler !== undefined && handler !== onlyHandler && !turn.options.bare) return noHandlerText(turn.id(''), handler)
  if (hostNetwork) return undefined
  if (!turn.state.networkReady) {
    return `rpc error: code = Unknown desc = failed to setup network for sandbox "${turn.id('')}": cni plugin not initialized`
  }
  return noSandbox(turn.options.agent, turn.state, () => turn.id(''))
}

/** The next free address of the node's range, in turn. Source: containernetworking plugins/ipam/host-local (round robin). */
function address(turn: Turn, uid: string): string | undefined {
  const [a, b, c] = turn.options.podCidr.split('/')[0].split('.')
  for (let tried = 0; tried < 253; tried++) {
    const last = turn.state.nextAddress, address = `${a}.${b}.${c}.${last}`
    turn.state = { ...turn.state, nextAddress: last >= 254 ? 2 : last + 1 }
    if (!turn.state.addresses.has(address)) { turn.state.addresses.set(address, uid); return address }
  }
  return undefined
}

export function stopSandbox(turn: Turn, body: Call<'stop-sandbox'>, answer: Answer): void {
  const { pods, addresses } = turn.state, pod = pods.get(body.uid)
  if (!pod) return answer({ uid: body.uid })
  for (const c of pod.containers) if (c.state === 'running') exited(turn, body.uid, c.id, 137)
  const after = pods.get(body.uid)!
  if (pod.sandbox?.ip) addresses.delete(pod.sandbox.ip)
  if (body.forget) forget(turn, after)
  else pods.set(body.uid, { ...after, sandbox: after.sandbox && { ...after.sandbox, ready: false, ip: '' } })
  answer({ uid: body.uid, pod: pods.get(body.uid) })
}

function forget({ state: { pods, files, runs } }: Turn, pod: PodRuntime): void {
  pods.delete(pod.uid)
  if (files.size > 0) {
    for (const key of [...files.keys()]) if (key.startsWith(`${pod.uid}/`) || pod.containers.some(c => key.startsWith(`${c.id}/`))) files.delete(key)
  }
  for (const { name } of pod.containers) runs.delete(`${pod.uid}/${name}`)
}
