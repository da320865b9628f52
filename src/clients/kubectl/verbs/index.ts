import { create } from '../create/index.ts'
import { run } from '../create/workloads.ts'
import { allTyped, type Verb } from '../verb.ts'
import { apply } from './apply.ts'
import { auth } from './auth.ts'
import { autoscale } from './autoscale.ts'
import { certificate } from './certificate.ts'
import { cp } from './cp.ts'
import { cordon, uncordon } from './cordon.ts'
import { remove } from './delete.ts'
import { describe } from './describe.ts'
import { apiResources, apiVersions, clusterInfo, version } from './discovery.ts'
import { diff } from './diff.ts'
import { drain } from './drain.ts'
import { events } from './events.ts'
import { explain } from './explain.ts'
import { expose } from './expose.ts'
import { helpOf } from '../help.ts'
import { get } from './get.ts'
import { kustomize } from './kustomize.ts'
import { annotate, label } from './label.ts'
import { logs } from './logs.ts'
import { debug } from './debug.ts'
import { config } from './config.ts'
import { edit } from './edit.ts'
import { completion } from './completion.ts'
import { alpha } from './kuberc.ts'
import { options, plugin } from './plugin.ts'
import { patch } from './patch.ts'
import { portForward } from './port-forward.ts'
import { proxy } from './proxy.ts'
import { replace } from './replace.ts'
import { rollout } from './rollout.ts'
import { scale } from './scale.ts'
import { exec } from './exec.ts'
import { attach } from './sessions.ts'
import { set } from './set.ts'
import { taint } from './taint.ts'
import { top } from './top.ts'
import { wait } from './wait.ts'

/** kubectl's verbs, in the order of its own help. */
export const verbs: Readonly<Record<string, Verb>> = {
  create, ...allTyped({ expose, run }), set, explain, get, edit, delete: remove, rollout, scale, ...allTyped({ autoscale }), certificate,
  'cluster-info': clusterInfo, top, cordon, uncordon,
  drain, ...allTyped({ taint }), describe, logs, attach, exec, 'port-forward': portForward, proxy, cp, auth, debug,
  ...allTyped({ events }), diff, apply, patch, replace, wait, kustomize, label, annotate, ...allTyped({ 'api-resources': apiResources }),
  'api-versions': apiVersions, config,
  plugin, version,
  options, alpha, completion, help: helpOf(() => verbs),
}
