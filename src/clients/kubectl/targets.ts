import type { KindDefinition, KindRegistry } from '../../runtime-model/kinds/kind.ts'
import { ApiError, failure, isNotFound, throwAll } from './errors.ts'
import type { Flags } from './flags.ts'
import { kindOf, kindsOf } from './kinds.ts'
import { asWritten, matcherOf, readManifests } from './manifests.ts'
import type { Session } from './session.ts'

/** What a command speaks of: one named object, or (no name) all of a kind that the selectors leave. */
export interface Target { readonly kind: KindDefinition; readonly name?: string }

/** `pods a b`, `pods,svc`, `pod/a deploy/b`. Source: cli-runtime resource/builder.go, ResourceTypeOrNameArgs. */
export function parseTargets(args: readonly string[], known: KindRegistry): Target[] {
  if (args.length === 0) return []
  if (args.some(a => a.includes('/'))) {
    return args.map(arg => {
      const parts = arg.split('/')
      if (parts.length === 1) {
        throw failure(
          "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
        )
      }
      if (parts.length > 2) throw failure('arguments in resource/name form may not have more than one slash')
      if (!parts[0] || !parts[1]) throw failure('arguments in resource/name form must have a single resource and name')
      return { kind: kindOf(parts[0], known), name: parts[1] }
    })
  }
  const [words, ...names] = args, kinds = kindsOf(words, known)
  if (names.length === 0) return kinds.map(kind => ({ kind }))
  return kinds.flatMap(kind => names.map(name => ({ kind, name })))
}

/** One object that a command works on, as it is stored now. */
export interface Item {
  readonly kind: KindDefinition
  readonly namespace: string | undefined
  readonly name: string
  readonly object: any
  readonly source?: string
}
export interface Found {
  readonly items: readonly Item[]
  readonly errors: readonly unknown[]
  /** of each error, how many items had been found before */
  readonly errorsAfter: readonly number[]
  /** objects were named, not selected */
  readonly named: boolean
}

export interface FindOptions {
  /** a kind without a name or selector means all of it */
  readonly kindAlone?: boolean
  /** false: `--selector` says something else here */
  readonly selects?: boolean
}

/** Source: cli-runtime resource/builder.go (Builder.visitorResult). */
export const eitherFilesOrNames = 'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well'
export const nothingNamed =
  "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"

/**
 * The objects that `-f`, arguments and selectors name, read from the API server; those that could not be read are errors that come last.
 * Source: cli-runtime resource/builder.go with ContinueOnError and Flatten.
 */
export async function findObjects(
  session: Session, flags: Flags, args: readonly string[], { kindAlone = false, selects: bySelector = true }: FindOptions = {}
): Promise<Found> {
  const items: Item[] = [], errors: unknown[] = [], errorsAfter: number[] = []
  const get = async (kind: KindDefinition, name: string, namespace: string | undefined, source?: string): Promise<void> => {
    try {
      const object = await session.get(kind, name, namespace)
      items.push({ kind, name, namespace: kind.namespaced ? namespace : undefined, object, source })
    } catch (error) {
      // that nobody answers is told of each of them too
      const unanswered = error instanceof ApiError && error.response.code === 0
      if (!isNotFound(error) && !unanswered && session.requests.at(-1)?.response.code !== 403) throw error
      errors.push(error); errorsAfter.push(items.length)
    }
  }
  if (flags.on('local') && args.length > 0) throw failure('can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set')
  if (flags.given('filename') || flags.given('kustomize')) {
    if (args.length > 0) throw failure(eitherFilesOrNames)
    // what is there decides, not what the file says, unless the file is all there is
    const local = flags.on('local'), read = readManifests(session, flags, 'nothing', local ? undefined : '')
    const matches = bySelector && !local ? matcherOf(flags.labelSelector) : () => true
    errors.push(...read.errors); errorsAfter.push(...read.errors.map(() => 0))
    if (local) return { items: read.manifests.map(m => ({ ...m, object: asWritten(m), name: m.name ?? '' })), errors, errorsAfter, named: true }
    for (const m of read.manifests) if (m.name) await get(m.kind, m.name, m.namespace, m.source)
    return { items: items.filter(i => matches(i.object)), errors, errorsAfter, named: true }
  }
  const targets = parseTargets(args, session.kinds), selector = bySelector ? flags.text('selector') : '', fields = flags.text('field-selector')
  if (targets.length === 0) throw failure(nothingNamed)
  const selects = flags.on('all') || selector !== '' || fields !== ''
  for (const { kind, name } of targets) {
    if (name !== undefined) {
      if (selector !== '') throw failure('name cannot be provided when a selector is specified')
      await get(kind, name, session.namespace)
      continue
    }
    if (!selects && !kindAlone) throw failure('resource(s) were provided, but no name was specified')
    for (const object of await session.list(kind, {
      namespace: flags.on('all-namespaces')
        ? ''
        : session.namespace, ...selector ? { labelSelector: selector } : {}, ...fields ? { fieldSelector: fields } : {},
    })) {
      items.push({ kind, name: object.metadata.name, namespace: object.metadata.namespace, object })
    }
  }
  session.foundNothing = items.length === 0
  return { items, errors, errorsAfter, named: targets.some(t => t.name !== undefined) }
}

/** Does something to each object, and tells of what was not found and what went wrong in the order of their names. */
export async function forEachFound({ items, errors, errorsAfter }: Found, act: (item: Item) => Promise<void>): Promise<void> {
  const failed: unknown[] = []
  let told = 0
  const tellUpTo = (count: number): void => { while (told < errors.length && errorsAfter[told] <= count) failed.push(errors[told++]) }
  for (const [i, item] of items.entries()) {
    tellUpTo(i)
    try { await act(item) } catch (error) { failed.push(error) }
  }
  tellUpTo(items.length)
  throwAll(failed)
}
