import type { KubeObject } from '../api/request.ts'
import { get } from '../network/client.ts'
import { checkResolver } from './dns.ts'
import { memoryLimit } from './resize.ts'
import type { Session } from './session.ts'
import type { Worker } from './worker.ts'

/**
 * The sandbox of a pod, made by the handler that its RuntimeClass names. Source: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go
 * (createPodSandbox), pkg/kubelet/runtimeclass/runtimeclass_manager.go (LookupRuntimeHandler)
 */
export function createSandbox(session: Session, worker: Worker): boolean {
  const { metadata, spec } = worker.pod, before = worker.busy!.runtime?.sandbox, attempt = before ? before.attempt + 1 : 0
  const runtimeClass = spec.runtimeClassName ? classOf(session, worker, spec.runtimeClassName) : undefined
  if (runtimeClass === 'waits') return false
  if (before) session.podEvent(worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
  if (runtimeClass === 'missing') { failed(session, worker, `runtimeclass.node.k8s.io ${JSON.stringify(spec.runtimeClassName)} not found`); return true }
  const handler = (runtimeClass as any)?.handler
  checkResolver(session, worker)
  session.cri(
    worker,
    {
      call: 'run-sandbox', uid: worker.uid, namespace: metadata.namespace ?? '', name: metadata.name, attempt, hostNetwork: spec.hostNetwork === true,
      annotations: metadata.annotations, ...handler ? { handler } : undefined, ...memoryLimit(undefined, worker.pod),
    },
    { for: 'cri', uid: worker.uid, step: 'sandbox' }, 'create sandbox'
  )
  return false
}
export function sandboxAnswered(session: Session, worker: Worker, error: string | undefined): void {
  if (error === undefined) checkResolver(session, worker); else failed(session, worker, error)
  session.actionDone(worker)
}

/** A sandbox that could not be made ends the sync. */
function failed(session: Session, worker: Worker, error: string): void {
  session.podEvent(worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${error}`)
  if (worker.busy) {
    worker.busy = {
      ...worker.busy, actions: worker.busy.actions.slice(0, 1),
      failures: [...worker.busy.failures, { container: '', reason: 'CreatePodSandboxError', message: error }],
    }
  }
}

/** A real kubelet watches RuntimeClasses; here each try reads what it needs. */
function classOf(session: Session, worker: Worker, name: string): KubeObject | 'waits' | 'missing' {
  const key = `runtimeclasses.node.k8s.io/${name}`, { [key]: found, ...others } = worker.objects
  if (found === undefined) {
    worker.reading = [key]
    session.api(get(session.identity, { resource: 'runtimeclasses.node.k8s.io', name }), { for: 'object', uid: worker.uid, key })
    return 'waits'
  }
  worker.objects = others
  return found || 'missing'
}
