import { webhookActor, type AdmissionAnswer } from '../api/webhooks.ts'
import type { Cluster } from '../cluster.ts'
import { webhookServer } from '../webhooks/index.ts'

/** The process of a webhook, made when it is first spoken of. */
export function webhookOf(cluster: Cluster, name: string): string {
  const id = webhookActor(name)
  if (!cluster.kernel.has(id)) cluster.kernel.add(webhookServer(name))
  return id
}
/** From now on the webhook answers so. */
export function answerWebhook(cluster: Cluster, { name, answer, delayMs }: Readonly<{ name?: string; answer?: AdmissionAnswer; delayMs?: number }>): void {
  cluster.kernel.operate(webhookOf(cluster, name!), 'answer', { answer, delayMs })
  cluster.kernel.runTo(cluster.kernel.now)
}
