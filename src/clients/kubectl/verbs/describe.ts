import { describerOf } from '../describe/index.ts'
import { Page } from '../describe/page.ts'
import { ApiError, asOneBeside, failure, isNotFound, throwAll } from '../errors.ts'
import { bool, inert, int, type Flags } from '../flags.ts'
import { aggregated, readManifests } from '../manifests.ts'
import type { Session } from '../session.ts'
import { parseTargets, type Item } from '../targets.ts'
import { files, selectors, type Verb } from '../verb.ts'

/** Tells all about objects; a name that is none is a prefix. Source: kubectl pkg/cmd/describe/describe.go. */
export const describe: Verb = {
  flags: { ...files, ...selectors, 'all-namespaces': bool('A'), 'chunk-size': inert(int('500')), 'show-events': bool(undefined, 'true') },
  async run(session, flags) {
    const { items, errors } = await chosen(session, flags)
    if (items.length === 0 && errors.length === 0) {
      session.complain(flags.on('all-namespaces') ? 'No resources found' : `No resources found in ${session.namespace} namespace.`)
    }
    for (const [i, item] of items.entries()) {
      if (i > 0 && !item.alike) session.stdout += '\n\n'
      const page = new Page(session, flags.on('show-events'))
      await describerOf(item.kind.kind)(page, item.kind, item.object)
      page.flush()
      if (item.alike) session.print('')
    }
    throwAll(errors)
  },
}

/** `alike`: nothing has the name, but this one's begins with it */
type Chosen = Item & { readonly alike?: true }
async function chosen(session: Session, flags: Flags): Promise<{ readonly items: Chosen[]; readonly errors: unknown[] }> {
  const items: Chosen[] = [], errors: unknown[] = []
  if (flags.given('filename') || flags.given('kustomize')) {
    const read = readManifests(session, flags)
    for (const m of read.manifests) {
      try {
        items.push({ kind: m.kind, namespace: m.namespace, name: m.name ?? '', object: await session.get(m.kind, m.name ?? '', m.namespace) })
      } catch (error) { errors.push(error) }
    }
    return { items, errors: [...asOneBeside(errors, aggregated(read.errors)), ...errors] }
  }
  const targets = parseTargets(flags.args, session.kinds)
  if (targets.length === 0) {
    throw failure('You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.')
  }
  const namespace = flags.on('all-namespaces') ? '' : session.namespace, selector = flags.text('selector')
  for (const { kind, name } of targets) {
    const list = (): Promise<any[]> => session.list(kind, { namespace, ...selector ? { labelSelector: selector } : {} })
    if (name === undefined) {
      for (const object of await list()) items.push({ kind, namespace: object.metadata.namespace, name: object.metadata.name, object })
      continue
    }
    if (selector) throw failure('name cannot be provided when a selector is specified')
    try { items.push({ kind, namespace, name, object: await session.get(kind, name) }) } catch (error) {
      if (!(error instanceof ApiError) || error.response.code === 0) throw error
      let told: unknown = error
      const all = isNotFound(error) ? await list().catch(unlisted => { told = unlisted; return [] }) : []
      const alike = all.filter(o => o.metadata.name.startsWith(name))
      if (alike.length === 0) errors.push(told)
      for (const object of alike) items.push({ alike: true, kind, namespace: object.metadata.namespace, name: object.metadata.name, object })
    }
  }
  return { items, errors }
}
