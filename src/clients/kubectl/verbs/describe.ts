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
    if (name === undefined) {
      for (const object of await session.list(kind, { namespace, ...selector ? { labelSelector: selector } : {} })) {
        items.push({ kind, namespace: object.metadata.namespace, name: object.metadata.name, object })
      }
      continue
    }
    if (selector) throw failure('name cannot be provided when a selector is specified')
    try { items.push({ kind, namespace, name, object: await session.get(kind, name) }) } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors.push(error)
    }
  }
  return flags.args.length === 2 && errors.length === 1 && isNotFound(errors[0]) ? alike(session, flags, errors[0]) : { items, errors }
}

/** Of two words of which one is not there, the second is a prefix, and nothing else is told. Source: describe.go (DescribeMatchingResources). */
async function alike(session: Session, { args: [what, prefix] }: Flags, missing: unknown): Promise<{ readonly items: Chosen[]; readonly errors: unknown[] }> {
  const [target, ...others] = parseTargets([what], session.kinds)
  if (others.length > 0) throw failure('you may only specify a single resource type')
  const { kind, name } = target, objects = name === undefined ? await session.list(kind, { namespace: session.namespace }) : [await session.get(kind, name)]
  const items = objects.filter(o => o.metadata.name.startsWith(prefix))
    .map((object): Chosen => ({ alike: true, kind, namespace: object.metadata.namespace, name: object.metadata.name, object }))
  return { items, errors: items.length === 0 ? [missing] : [] }
}
