/**
 * `namespace/name`, or `/name` of a cluster-scoped object: how stores and caches call it. Who is told of a change is told right after another who was, and
 * all of them keep the text: it is made once for as long as the same one is asked for.
 */
export function objectKey(namespace: string, name: string): string {
  if (name !== lastName || namespace !== lastNamespace) { lastNamespace = namespace; lastName = name; lastKey = `${namespace}/${name}` }
  return lastKey
}
let lastNamespace = '', lastName = '', lastKey = '/'
