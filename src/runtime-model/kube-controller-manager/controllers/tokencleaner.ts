import { isBootstrapToken, tokenExpiry } from '../../api/bootstrap-token.ts'
import { remove } from '../../network/client.ts'
import { defineController, DONE, NO_KEYS, splitKey } from '../controller.ts'

/** Deletes bootstrap tokens once they have expired; kubeadm's last for a day. */
export const tokenCleaner = defineController({
  name: 'tokencleaner',
  serviceAccount: 'token-cleaner',
  watches: [{ resource: 'secrets', toKeys: ({ new: secret, name }) => secret && isBootstrapToken(secret) ? [name] : NO_KEYS }],
  workers: 1,
  reconcile(key, view) {
    const { namespace, name } = splitKey(key), secret = view.get('secrets', namespace, name), until = secret && tokenExpiry(secret)
    if (!secret || until === undefined) return DONE
    if (until > view.wallMs) return { effects: [{ do: 'requeueAfter', ms: until - view.wallMs, background: true }] }
    const body = { preconditions: { uid: secret.metadata.uid } }
    return { effects: [{ do: 'request', request: remove(view.identity, { resource: 'secrets', namespace, name }, body), accept: [404] }] }
  },
  source: 'pkg/controller/bootstrap/tokencleaner.go',
})
