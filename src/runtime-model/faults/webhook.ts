import type { Cluster } from '../cluster.ts'
import { webhookOf } from '../operations/webhooks.ts'
import { defineFault } from './fault.ts'

const parameters = { name: 'name of the webhook, as in its configuration' }, example = { name: 'policy.example.com' }
const source = 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy'
const label = ({ name }: Readonly<Record<string, any>>): string => `webhook ${name}`
const altered = (did: boolean): number => did ? 1 : 0
const idOf = (cluster: Cluster, { name }: Readonly<Record<string, any>>): string => webhookOf(cluster, name)

export const webhookDown = defineFault({
  id: 'webhook-down', doc: 'The server of an admission webhook ends: API servers that call it are refused the connection.', parameters, example, source,
  target: label,
  inject: (cluster, args) => altered(cluster.kernel.stop(idOf(cluster, args))), heal: (cluster, args) => cluster.kernel.start(idOf(cluster, args)),
})
export const webhookHang = defineFault({
  id: 'webhook-hang', doc: 'The server of an admission webhook takes requests and never answers: API servers wait as long as its configuration says.',
  parameters, example, source, target: label,
  inject: (cluster, args) => altered(cluster.kernel.hang(idOf(cluster, args))), heal: (cluster, args) => cluster.kernel.resume(idOf(cluster, args)),
})
