import { defineConfig, defineController, defineKind, DONE, fieldError, ownKey, requests, splitKey } from 'kscenario'

// A custom resource: kubectl prints it, scenarios speak of it (`bookshelf fiction eventually Stocked`), the API server refuses what is wrong with it.
export const bookshelf = defineKind({
  group: 'bookstore.example.com', version: 'v1alpha1', kind: 'Bookshelf', plural: 'bookshelves', shortNames: ['bs'],
  columns: { Books: shelf => shelf.spec.books.length, Status: shelf => shelf.status?.phase ?? 'Empty' },
  statusWord: shelf => shelf.status?.phase ?? 'Empty',
  validate: shelf => Array.isArray(shelf.spec?.books) ? [] : [fieldError('spec.books', 'Required value', 'FieldValueRequired')],
})

// A controller: what it watches, and what it does about an object. It is looked at again whenever one of them changes.
const shelves = 'bookshelves.bookstore.example.com', version = 'v1alpha1'
export const librarian = defineController({
  name: 'librarian',
  watches: [
    { resource: shelves, toKeys: ownKey },
    { resource: 'configmaps', toKeys: delta => ((delta.new ?? delta.old).metadata.ownerReferences ?? []).filter(o => o.kind === 'Bookshelf').map(o => `${(delta.new ?? delta.old).metadata.namespace}/${o.name}`) },
  ],
  reconcile(key, view) {
    const { namespace, name } = splitKey(key), shelf = view.get(shelves, namespace, name)
    if (!shelf || shelf.metadata.deletionTimestamp) return DONE
    const catalogue = view.get('configmaps', namespace, `${name}-catalogue`), books = shelf.spec.books.join(', ')
    const owner = { apiVersion: 'bookstore.example.com/v1alpha1', kind: 'Bookshelf', name, uid: shelf.metadata.uid, controller: true }
    if (!catalogue) return { effects: [{ do: 'request', request: requests.create(view.identity, { resource: 'configmaps', namespace }, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-catalogue`, namespace, ownerReferences: [owner] }, data: { books } }) }] }
    if (catalogue.data?.books !== books) return { effects: [{ do: 'request', request: requests.patch(view.identity, { resource: 'configmaps', namespace, name: `${name}-catalogue` }, 'application/merge-patch+json', { data: { books } }) }] }
    if (shelf.status?.phase === 'Stocked') return DONE
    return {
      effects: [
        { do: 'request', request: requests.patch(view.identity, { resource: shelves, namespace, name, version, subresource: 'status' }, 'application/merge-patch+json', { status: { phase: 'Stocked' } }) },
        { do: 'event', event: { regarding: shelf, type: 'Normal', reason: 'Stocked', message: `${shelf.spec.books.length} books` } },
      ],
    }
  },
  source: 'this file',
})

export default defineConfig({ paths: ['features'], kinds: [bookshelf], controllers: [librarian] })
