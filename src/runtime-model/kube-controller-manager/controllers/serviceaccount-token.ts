import { legacyToken } from '../../api/account-token.ts'
import type { KubeObject } from '../../api/request.ts'
import { get, remove, update } from '../../network/client.ts'
import { defineController, keyOf, NO_KEYS, objectOf, splitKey } from '../controller.ts'
import type { Index, View } from '../controller.ts'
import { script } from '../script.ts'
import type { Script } from '../script.ts'
import { rootCertificate } from '../../api/certificate.ts'

/**
 * Tokens that last as long as their account: whoever makes a Secret of this type that names a service account finds a token in it, and it goes with the
 * account. Keys: `account <namespace>/<name>`, `secret <namespace>/<name>`.
 */
export const serviceAccountToken = defineController({
  name: 'serviceaccount-token',
  asProcess: true,
  wokenBy: ({ key, new: secret }) => key === 'secrets' && secret !== undefined && isToken(secret),
  watches: [
    { resource: 'serviceaccounts', toKeys: delta => delta.type === 'DELETED' ? [`account ${keyOf(objectOf(delta))}`] : NO_KEYS },
    { resource: 'secrets', toKeys: delta => isToken(objectOf(delta)) ? [`secret ${keyOf(objectOf(delta))}`] : NO_KEYS },
  ],
  indexes: [{ name: 'tokens by account', resource: 'secrets', keysOf: accountOf }],
  onStart: view => view.list('secrets').filter(isToken).map(secret => `secret ${keyOf(secret)}`),
  reconcile: script(begin, run),
  source: 'pkg/controller/serviceaccount/tokens_controller.go',
})
const tokensByAccount: Index = serviceAccountToken.indexes![0]
const nameMark = 'kubernetes.io/service-account.name', uidMark = 'kubernetes.io/service-account.uid'
type Secret = KubeObject & { readonly type?: string; readonly data?: Readonly<Record<string, string>> }
function isToken(secret: Secret): boolean { return secret.type === 'kubernetes.io/service-account-token' }
function accountOf(secret: Secret): readonly string[] {
  const name = isToken(secret) ? secret.metadata.annotations?.[nameMark] : undefined
  return name ? [`${secret.metadata.namespace}/${name}`] : []
}
const isOf = (account: KubeObject | undefined, secret: Secret): boolean =>
  account !== undefined && (secret.metadata.annotations?.[uidMark] ?? account.metadata.uid) === account.metadata.uid

interface Snapshot { readonly secret?: Secret; readonly account?: KubeObject; readonly orphans: readonly Secret[] }
function begin(key: string, view: View): Snapshot | undefined {
  const [what, path] = key.split(' '), { namespace, name } = splitKey(path)
  if (what === 'secret') {
    const secret = view.get('secrets', namespace, name), account = secret?.metadata.annotations?.[nameMark]
    return secret && { secret, account: account ? view.get('serviceaccounts', namespace, account) : undefined, orphans: [] }
  }
  const account = view.get('serviceaccounts', namespace, name)
  return account ? undefined : { orphans: view.by(tokensByAccount, path) }
}

function run(io: Script, { secret, account, orphans }: Snapshot, view: View): void {
  for (const orphan of orphans) drop(io, orphan, view)
  if (!secret) return
  if (!isOf(account, secret)) {
    const name = secret.metadata.annotations?.[nameMark]
    const live = name ? io.ask(() => get(view.identity, { resource: 'serviceaccounts', namespace: secret.metadata.namespace, name }), [404]) : undefined
    if (!isOf(live?.code === 200 ? live.body : undefined, secret)) return drop(io, secret, view)
    return fill(io, secret, live!.body, view)
  }
  fill(io, secret, account!, view)
}
const drop = (io: Script, { metadata: { namespace, name, uid } }: Secret, view: View): void =>
  void io.ask(() => remove(view.identity, { resource: 'secrets', namespace, name }, { preconditions: { uid } }), [404, 409])

/** What is missing in it; whatever else it holds stays. */
function fill(io: Script, secret: Secret, { metadata: { name, uid } }: KubeObject, view: View): void {
  const { metadata, data = {} } = secret, { namespace } = metadata, ca = btoa(rootCertificate)
  const marked = metadata.annotations?.[nameMark] === name && metadata.annotations?.[uidMark] === uid
  if (marked && data['ca.crt'] === ca && data.namespace && data.token) return
  const annotations = { ...metadata.annotations, [nameMark]: name, [uidMark]: uid }
  const token = data.token || btoa(legacyToken(namespace!, metadata.name, { name, uid: uid! }))
  io.ask(() => update(view.identity, { resource: 'secrets', namespace, name: metadata.name }, {
    ...secret, metadata: { ...metadata, annotations }, data: { ...data, 'ca.crt': ca, namespace: data.namespace || btoa(namespace!), token },
  }), [404, 409])
}
