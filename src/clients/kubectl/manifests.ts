import { parseLabelSelector } from '../../runtime-model/api/selectors.ts'
import { typeName } from '../../runtime-model/api/schema.ts'
import { diagnose } from '../../runtime-model/kinds/decode-errors.ts'
import { registry } from '../../runtime-model/kinds/index.ts'
import type { KindDefinition, KindRegistry } from '../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../errors.ts'
import { Exit, failure } from './errors.ts'
import type { Flags } from './flags.ts'
import { groupVersion, hasTypeOf, kindOfObject } from './kinds.ts'
import { toCompactJson } from './printers/json.ts'
import { buildKustomization } from './kustomize/build.ts'
import { readYaml } from './parse-manifest.ts'
import type { Session } from './session.ts'

/** One object of a manifest: what it says, what kind that is, and where it stands. */
export interface Manifest {
  readonly object: any
  readonly kind: KindDefinition
  readonly source: string
  readonly namespace: string | undefined
  /** it names none itself, and is given that of the command */
  readonly placed?: true
  readonly name: string | undefined
}

/** …without the namespace of the command, which is none of the file's */
export function asWritten({ object, placed }: Manifest): any {
  if (!placed) return object
  const { namespace: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/**
 * All objects of `-f` that `-l` leaves, in order, with what could not be read of them; `looksAt`: a schema or kubectl's own types look at each. Source:
 * cli-runtime resource/{builder,visitor,mapper}.go.
 */
export function readManifests(
  session: Session, flags: Flags, looksAt: LooksAt = validates(flags), selects?: string
): { readonly manifests: readonly Manifest[]; readonly errors: readonly unknown[] } {
  const read = readEach(session, flags, looksAt, selects)
  return { manifests: read.flatMap(r => 'object' in r ? [r] : []), errors: read.flatMap(r => 'error' in r ? [r.error] : []) }
}
type LooksAt = 'schema' | 'types' | 'nothing'
/** what apply, create and replace read is looked at by a schema first, if they do not leave that out */
const validates = (flags: Flags): LooksAt => flags.knows('validate') && !['ignore', 'false'].includes(flags.text('validate')) ? 'schema' : 'nothing'

/** The same, each in its place; `selects`: by which labels, `-l` unless another is said. */
export function readEach(
  session: Session, flags: Flags, looksAt = validates(flags), selects = flags.labelSelector
): readonly (Manifest | { readonly error: unknown })[] {
  const read: (Manifest | { readonly error: unknown })[] = []
  if (flags.given('kustomize')) {
    if (flags.given('filename')) throw failure('only one of -f or -k can be specified')
    const folder = flags.text('kustomize')
    try {
      for (const object of kustomized(session, folder)) try { read.push(toManifest(session, object, folder, looksAt)) } catch (error) { read.push({ error }) }
    } catch (error) {
      if (!(error instanceof Exit)) throw error
      read.push({ error })
    }
  }
  for (const path of flags.list('filename').flatMap(p => filesAt(session, p, flags.on('recursive')))) {
    for (const document of readDocuments(session, path, looksAt)) {
      try {
        if ('error' in document) throw document.error
        read.push(toManifest(session, document.object, document.source, looksAt, document.wrong))
      } catch (error) {
        read.push({ error })
        // what a schema refuses ends its file: what stands below is not read (StreamVisitor.Visit)
        if (isOfSchema(error)) break
      }
    }
  }
  if (selects === '') return read
  const matches = matcherOf(selects)
  return read.filter(r => 'error' in r || matches(r.object))
}
/** What `-l` leaves; of objects that are asked for, what is there decides, not what a file says. */
export function matcherOf(selects: string): (object: any) => boolean {
  const selector = parseLabelSelector(selects)
  if (selector.error !== undefined) throw failure(`the provided selector ${JSON.stringify(selects)} is not valid: ${selector.error}`)
  return object => selector.matches(object.metadata?.labels ?? {})
}
/** `-f` names one file, which is neither a folder nor what stdin says: if it holds one object, that is no list. Source: builder.go (visitByPaths) */
export const isOneFile = ({ environment }: Session, flags: Flags): boolean => {
  const [path, ...more] = flags.list('filename')
  return path !== undefined && path !== '-' && more.length === 0 && environment.readFile(path) !== undefined
}

const isOfSchema = (error: unknown): boolean => error instanceof Exit && error.stderr.startsWith('error: error validating ')

/** A file is itself; of a folder, what may be a manifest. Source: cli-runtime resource/visitor.go (ExpandPathsToFileVisitors). */
function filesAt({ environment }: Session, path: string, deep: boolean): readonly string[] {
  if (path === '-' || /^https?:/.test(path) || environment.readFile(path) !== undefined) return [path]
  const found = environment.listFiles?.(path, deep)
  if (!found) return [path]
  // a path is told without the dot that it begins with (filepath.Join)
  const manifests = found.filter(f => /\.(json|yaml|yml)$/.test(f)).map(f => f.replace(/^(\.\/+)+/, ''))
  if (manifests.length === 0) throw failure(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`)
  return manifests
}
const kustomized = (session: Session, folder: string): readonly any[] =>
  buildKustomization(folder, { ...session.environment, warn: line => session.complain(line) })

type Document = { readonly object: any; readonly source: string; readonly wrong?: string } | { readonly error: unknown }
function readDocuments(session: Session, path: string, looksAt: LooksAt): Document[] {
  if (/^https?:/.test(path)) throw new NotModelled(`kubectl -f ${path}: there is no internet in the model`)
  const source = path === '-' ? 'STDIN' : path
  const content = path === '-' ? session.environment.stdin ?? '' : session.environment.readFile(path)
  if (content === undefined) throw failure(`the path ${JSON.stringify(path)} does not exist`)
  const { objects, error } = readYaml(content, source)
  const found = objects.flatMap((object): Document[] => {
    const odd = looksAt === 'schema' && object.kind === 'List' && object.apiVersion === 'v1' ? wordsOfList(object) : []
    if (odd.length > 0) return [{ error: invalid(source, odd) }]
    return /List$/.test(object.kind ?? '') && 'items' in object
      ? (object.items ?? []).map((item: any) => ({ object: ofList(object, item), source }))
      : [{ object, source, wrong: wrongMetadata(object.metadata) }]
  })
  return error === undefined ? found : [...found, { error }]
}

/** What a list of one kind holds need not say which. Source: apimachinery pkg/apis/meta/v1/unstructured/helpers.go (decodeToList). */
const ofList = ({ apiVersion, kind }: any, item: any): any =>
  kind === 'List' || item?.kind !== undefined || item?.apiVersion !== undefined ? item : { apiVersion, kind: kind.slice(0, -4), ...item }

/** What is wrong with an object's metadata: kubectl reads that part itself, of whatever kind. Source: cli-runtime resource/metadata_decoder.go. */
function wrongMetadata(metadata: any): string | undefined {
  if (metadata === undefined || metadata === null) return undefined
  const { error } = diagnose('meta.v1.ObjectMeta', metadata)
  return error?.replace('Go value of type v1.ObjectMeta', 'Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta').replace(
    /Go struct field (\w+)\.(?!metadata )/, 'Go struct field $1.metadata.'
  )
}

/** Source: cli-runtime pkg/resource/mapper.go (infoForData), apimachinery unstructured (unstructuredJSONScheme.decode) */
function undecodable(object: any, source: string): Exit | undefined {
  const is = Array.isArray(object) ? 'array' : typeof object === 'boolean' ? 'bool' : typeof object
  const why = is !== 'object' ? `json: cannot unmarshal ${is} into Go value of type unstructured.detector`
    : object.kind ? undefined : `Object 'Kind' is missing in '${toCompactJson(object)}'`
  if (why === undefined && !object.apiVersion) throw new NotModelled(`${source}: an object without apiVersion that no schema looks at`)
  return why === undefined ? undefined : failure(`unable to decode ${JSON.stringify(source)}: ${why}`)
}
/** An object that is read into a type of kubectl's own. Source: cli-runtime resource/builder.go (WithScheme) */
function untypable(object: any, source: string): Exit | undefined {
  const kind = kindOfObject(object, registry)
  const why = kind && hasTypeOf(kind) ? diagnose(typeName(kind.group, kind.version, kind.kind), object).error
    : `no kind ${JSON.stringify(object.kind)} is registered for version ${JSON.stringify(object.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`
  return why === undefined ? undefined : failure(`unable to decode ${JSON.stringify(source)}: ${why}`)
}
/** Several words of one list are told without the word that begins an error. Source: kubectl pkg/cmd/get/get.go, describe.go (NewAggregate) */
export const aggregated = (errors: readonly unknown[]): readonly unknown[] =>
  errors.map(e => e instanceof Exit && e.stderr.startsWith('error: ') ? new Exit(e.stderr.slice('error: '.length), e.code) : e)

/** What kubectl's schema has against what an object says that it is. Source: kubectl pkg/util/openapi/validation (getObjectKind, validateList) */
function wordsOfSchema(object: any): readonly string[] {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return ['invalid object to validate']
  const said = (field: 'apiVersion' | 'kind'): readonly string[] => !object[field] ? [`${field} not set`]
    : typeof object[field] !== 'string' ? [`${field} isn't string type`]
    : field === 'apiVersion' && object[field].split('/').length > 2 ? [`unexpected GroupVersion string: ${object[field]}`] : []
  return [...said('apiVersion'), ...said('kind')]
}
/** …of a list, all that its items say at once */
const wordsOfList = (list: any): readonly string[] =>
  Array.isArray(list.items) ? list.items.flatMap((item: any) => wordsOfSchema(item)) : ['invalid object to validate']
const invalid = (source: string, words: readonly string[]): Exit => {
  const said = words.length === 1 ? words[0] : `[${[...new Set(words)].join(', ')}]`
  return failure(
    `error validating ${JSON.stringify(source)}: error validating data: ${said}; if you choose to ignore these errors, turn validation off with --validate=false`
  )
}
/** A kind in small letters is one to kubectl, and none to the API server. Source: client-go restmapper/discovery.go (NewDiscoveryRESTMapper) */
function lowerCased({ apiVersion, kind }: any, { all }: KindRegistry): KindDefinition | undefined {
  const { group, version } = groupVersion(String(apiVersion))
  return all.find(k => k.group === group && k.version === version && k.kind.toLowerCase() === kind)
}

function toManifest(session: Session, object: any, source: string, looksAt: LooksAt, wrong?: string): Manifest {
  const unread = looksAt === 'schema' ? undefined : undecodable(object, source) ?? (looksAt === 'types' ? untypable(object, source) : undefined)
  if (unread) throw unread
  const odd = wordsOfSchema(object)
  if (odd.length > 0) throw invalid(source, odd)
  if (wrong !== undefined) throw failure(`unable to decode ${JSON.stringify(source)}: ${wrong}`)
  const kind = kindOfObject(object, session.kinds) ?? lowerCased(object, session.kinds), name = object.metadata?.name
  if (!kind) {
    throw new Exit(
      `error: resource mapping not found for name: ${JSON.stringify(name ?? '')} namespace: ${JSON.stringify(object.metadata?.namespace ?? '')} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}\nensure CRDs are installed first\n`
    )
  }
  if (!kind.namespaced) return { object, kind, source, namespace: undefined, name }
  const own = object.metadata?.namespace
  if (own && session.namespaceGiven && own !== session.namespace) {
    throw failure(
      `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(session.namespace)}. You must pass '--namespace=${own}' to perform this operation.`
    )
  }
  const namespace = own || session.namespace
  return own ? { object, kind, source, namespace, name }
    : { object: { ...object, metadata: { ...object.metadata, namespace } }, kind, source, namespace, name, placed: true }
}
