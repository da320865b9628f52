import type { NetworkAgent } from '../api/network-agent.ts'
import type { PodRuntime } from '../api/cri.ts'
import type { RuntimeState } from './state.ts'

/**
 * What a node's agent of the network plugin means to its runtime. When it first runs it leaves the plugin and its configuration on the disk, where they stay;
 * what else it does it does while it runs. Source: kindnet (cmd/kindnetd), calico-node (startup, Felix), cilium-agent (daemon/cmd/cni)
 */
export const agentRuns = (agent: NetworkAgent, { pods }: RuntimeState): boolean => {
  for (const [, { namespace, sandbox, containers }] of pods) {
    if (namespace === agent.namespace && sandbox?.ready && sandbox.ip === '' && containers.some(c => c.name === agent.container && c.state === 'running')) {
      return true
    }
  }
  return false
}

/** A pod can be given no sandbox, and why; undefined: it can. Approximate: cilium's plugin gives up after thirty seconds, not at once. */
export const noSandbox = (agent: NetworkAgent | undefined, { agentLostMs }: RuntimeState, id: () => string): string | undefined =>
  agent?.without === 'no sandbox' && agentLostMs !== undefined
    ? `rpc error: code = Unknown desc = failed to setup network for sandbox "${id()}": plugin type="${agent.daemonSet}-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?`
    : undefined
export const isUnconnected = (agent: NetworkAgent | undefined, { agentLostMs }: RuntimeState): boolean =>
  agent?.without === 'no connection' && agentLostMs !== undefined

/** The agent has begun to run: pods that waited for it are connected. */
export function connected(state: RuntimeState): RuntimeState {
  for (const [uid, pod] of [...state.pods.entries()]) if (pod.sandbox?.unconnected) state.pods.set(uid, { ...pod, sandbox: bare(pod.sandbox) })
  return { ...state, agentLostMs: undefined, networkReady: true }
}
const bare = ({ unconnected: _, ...sandbox }: NonNullable<PodRuntime['sandbox']>): NonNullable<PodRuntime['sandbox']> => sandbox
