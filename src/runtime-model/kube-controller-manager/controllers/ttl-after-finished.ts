import { parseTime } from '../../api/time.ts'
import type { KubeObject } from '../../api/request.ts'
import { get, remove } from '../../network/client.ts'
import { defineController, NO_KEYS, splitKey } from '../controller.ts'
import type { View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'

const resource = 'jobs.batch'

/** Deletes Jobs, with their pods, when they have been finished for `ttlSecondsAfterFinished`. */
export const ttlAfterFinished = defineController({
  name: 'ttl-after-finished',
  watches: [{ resource, toKeys: ({ new: job, name }) => job && needsCleanup(job) ? [name] : NO_KEYS }],
  reconcile: script(
    (key, view) => {
      const { namespace, name } = splitKey(key), job = view.get(resource, namespace, name)
      return job && needsCleanup(job) ? { job, nowMs: view.wallMs } : undefined
    },
    run
  ),
  source: 'pkg/controller/ttlafterfinished/ttlafterfinished_controller.go',
})

const finishedAt = (job: KubeObject): string | undefined =>
  job.status?.conditions?.find((c: any) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True')?.lastTransitionTime
const needsCleanup = (job: KubeObject): boolean => typeof job.spec.ttlSecondsAfterFinished === 'number' && finishedAt(job) !== undefined
const expiresAt = (job: KubeObject): number => parseTime(finishedAt(job)!) + job.spec.ttlSecondsAfterFinished * 1000

function run(io: Script, { job, nowMs }: { readonly job: KubeObject; readonly nowMs: number }, view: View): void {
  const { namespace, name, uid } = job.metadata, target = { resource, namespace, name }
  if (job.metadata.deletionTimestamp !== undefined) return
  if (expiresAt(job) > nowMs) return io.do({ do: 'requeueAfter', ms: expiresAt(job) - nowMs })
  const fresh = io.ask(() => get(view.identity, target), [404])
  if (fresh.code === 404 || !needsCleanup(fresh.body) || fresh.body.metadata.uid !== uid) return
  io.ask(() => remove(view.identity, target, { propagationPolicy: 'Foreground', preconditions: { uid } }), [404])
}
