import { execCode, httpStatus } from '../api/behaviour.ts'
import { findContainer, podRef, specOf } from './containers.ts'
import { refusal } from './probe-answers.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * How long a lifecycle hook takes and whether it fails. A command takes no time but what it says it sleeps (`sleep 10` in it), and ends as
 * the container's `exec` behaviour says; outside of the reference runtime, which never sleeps. Approximate: it is no shell.
 * Source: pkg/kubelet/lifecycle/handlers.go
 */
export interface Hook { readonly ms: number; readonly error?: string }

const goList = (words: readonly string[] | undefined): string => `[${(words ?? []).join(' ')}]`
/** What a failed hook is called in the container's status. */
const said = (worker: Worker, container: string, hook: string, error: string): string =>
  `${hook} for Container "${container}" in Pod "${podRef(worker.pod)}" failed - error: ${error}`

export function hookOf(session: Session, worker: Worker, name: string, kind: 'preStop' | 'postStart'): Hook | undefined {
  const hook = specOf(worker.pod, name)?.lifecycle?.[kind], container = findContainer(worker.latest, name)
  if (!hook || !container) return undefined
  if (hook.sleep) return { ms: (hook.sleep.seconds ?? 0) * 1000 }
  const since = session.now - container.startedAt
  if (container.hung) return { ms: Infinity, error: 'it does not answer' }
  if (hook.exec) {
    const code = execCode(container.behaviour, since)
    const slept = session.options.bare ? undefined : /\bsleep\s+(\d+(?:\.\d+)?)/.exec((hook.exec.command ?? []).join(' '))
    return {
      ms: slept ? Number(slept[1]) * 1000 : 0,
      ...code === 0
        ? {}
        : { error: said(worker, name, `Exec lifecycle hook (${goList(hook.exec.command)})`, `command terminated with exit code ${code}, message: ""`) },
    }
  }
  if (hook.httpGet) {
    const status = httpStatus(container.behaviour, hook.httpGet.path ?? '/', since)
    const failed = (error: string): string => said(worker, name, `HTTP lifecycle hook (${hook.httpGet.path ?? '/'})`, error)
    const refused = refusal(container, specOf(worker.pod, name), hook, worker.latest?.sandbox?.ip ?? '', session.options.bare)
    if (refused !== undefined) return { ms: 0, error: failed(refused) }
    return status === 0 ? { ms: Infinity, error: failed('no answer') } : { ms: 0 }
  }
  return { ms: 0 }
}
