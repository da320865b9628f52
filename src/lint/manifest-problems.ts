import { isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml'
import { manifestYaml } from '../base/manifest-yaml.ts'
import { suggest } from '../base/suggest.ts'
import { decode, registry, type KindDefinition } from '../runtime-model/kinds/index.ts'

/** What is wrong with a manifest, and where in it. Lines and columns are 1-based. */
export interface ManifestProblem {
  readonly code: 'manifest-syntax' | 'manifest-kind' | 'manifest-refused'
  readonly message: string
  readonly line: number
  readonly column: number
  readonly endColumn?: number
  readonly suggestions?: readonly string[]
  readonly help?: string
}

/** Reads a manifest as kubectl does and looks at each object as kube-apiserver would, as far as nothing but the object decides. */
export function manifestProblems(text: string, definesKinds: boolean): ManifestProblem[] {
  const read = manifestYaml(text)
  // most manifests are fine, and where things stand costs as much again
  return 'objects' in read && read.objects.every(object => problemsOf(object, definesKinds).length === 0) ? [] : placed(text, definesKinds)
}

function placed(text: string, definesKinds: boolean): ManifestProblem[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines, logLevel: 'silent', merge: true })
  if ('empty' in documents) return []
  return documents.flatMap(document => {
    if (document.errors.length > 0) return [syntaxProblem(document, lines, text)]
    let object: any
    try { object = document.toJS() } catch { return [] }
    if (object === null || object === undefined) return []
    return problemsOf(object, definesKinds).map(({ path, value, ...problem }) => ({ ...problem, ...placeOf(document, path, value === true, lines) }))
  })
}

function syntaxProblem(document: Document, lines: LineCounter, text: string): ManifestProblem {
  const [error] = document.errors
  const { line, col } = lines.linePos(error.pos[0])
  const written = text.split('\n')[line - 1] ?? ''
  const tab = /^ *\t/.exec(written)
  const message = error.message.split('\n')[0].replace(/ at line \d+.*$/, '').replace(/:$/, '')
  return tab
    ? {
      code: 'manifest-syntax', message: 'YAML is indented with blanks, and this line with a tab', line, column: tab[0].length, endColumn: tab[0].length + 1,
      help: 'replace the tab by blanks, as many as the lines around it have',
    }
    : { code: 'manifest-syntax', message: `this is not YAML: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`, line, column: Math.max(1, col) }
}

type Found = Omit<ManifestProblem, 'line' | 'column' | 'endColumn'> & {
  readonly path: readonly (string | number)[]
  /** it is the value that is wrong, not the field */
  readonly value?: boolean
}
function problemsOf(object: any, definesKinds: boolean): Found[] {
  if (object.kind === 'List') return []
  if (typeof object !== 'object' || Array.isArray(object)) {
    return [{ code: 'manifest-syntax', message: 'an object begins with `apiVersion:` and `kind:`; this is none', path: [] }]
  }
  const missing = ['apiVersion', 'kind'].filter(field => typeof object[field] !== 'string')
  if (missing.length > 0) return [{ code: 'manifest-refused', message: `the object has no \`${missing[0]}\``, path: [] }]
  const [version, group] = [...object.apiVersion.split('/')].reverse()
  const kind = registry.all.find(k => k.group === (group ?? '') && k.version === version && k.kind === object.kind)
  if (!kind) return definesKinds ? [] : [unknownKind(object)]
  return refusals(object, kind)
}

function unknownKind({ apiVersion, kind }: any): Found {
  const same = registry.all.filter(k => k.kind === kind)
  if (same.length > 0) {
    return {
      code: 'manifest-kind', message: `there is no kind \`${kind}\` in \`${apiVersion}\``,
      suggestions: same.map(k => `apiVersion: ${k.group ? `${k.group}/` : ''}${k.version}`).slice(0, 2), path: ['apiVersion'], value: true,
    }
  }
  const near = suggest(kind, registry.all.map(k => k.kind), 2)
  return {
    code: 'manifest-kind', message: `no API server serves a kind \`${kind}\``,
    ...(near.length > 0 ? { suggestions: near.map(n => `kind: ${n}`) } : { help: 'apply its CustomResourceDefinition first, or check the spelling' }),
    path: ['kind'], value: true,
  }
}

/** The order of a create: decode strictly, default, prepare, validate (kube-apiserver/create.ts). Admission and quotas depend on the cluster. */
function refusals(document: any, kind: KindDefinition): Found[] {
  const { object, error, strict } = decode(kind, document)
  if (error !== undefined) {
    return [{
      code: 'manifest-refused', message: error.replace(/^.*? cannot be handled as an? \w+: /, ''),
      path: pathOf(/(?:field|into Go struct field) [\w.]*?\.([\w.[\]]+)/.exec(error)?.[1] ?? ''),
    }]
  }
  if (strict.length > 0) return strict.map(message => {
    const field = /"(.*)"/.exec(message)?.[1] ?? ''
    return {
      code: 'manifest-refused' as const, message: `${message.replace(/"(.*)"/, '`$1`')} in ${kind.kind}`, path: pathOf(field),
      ...(message.startsWith('unknown') ? { help: 'kubectl refuses unknown fields; check spelling, capitals and indentation' } : {}),
    }
  })
  const { name, generateName, namespace } = object.metadata ?? {}
  const named = name ?? (generateName ? `${generateName}xxxxx` : undefined)
  if (!named) return [{ code: 'manifest-refused', message: 'metadata.name: an object needs a name', path: ['metadata'] }]
  const metadata = {
    ...object.metadata, name: named, ...(kind.namespaced ? { namespace: namespace ?? 'default' } : {}), uid: '00000000-0000-4000-8000-000000000000',
    creationTimestamp: '2026-01-01T00:00:00Z',
  }
  try {
    const ready = kind.beforeCreate(kind.withMetadata(kind.defaults({ ...object, metadata }), metadata))
    return kind.validate(ready).map(({ field, body }) =>
      ({ code: 'manifest-refused', message: `${field}: ${body}`, path: pathOf(field), value: !/^(?:Required|Forbidden)/.test(body) }))
  } catch { return [] }
}

const pathOf = (field: string): (string | number)[] =>
  [...field.matchAll(/\[(\d+)\]|\[([^\]]+)\]|([^.[\]]+)/g)].map(([, index, key, name]) => (index !== undefined ? Number(index) : (key ?? name)))

/** The deepest part of the path that the document has: its key, or its value in a list. */
function placeOf(
  document: Document, path: readonly (string | number)[], value: boolean, lines: LineCounter
): { line: number; column: number; endColumn: number } {
  let at: any = document.contents, shown: Node | undefined
  for (const step of path) {
    if (isMap(at)) {
      const pair = at.items.find(p => isPair(p) && isScalar(p.key) && String(p.key.value) === String(step))
      if (!pair) break
      shown = (value && step === path.at(-1) && isScalar(pair.value) ? pair.value : pair.key) as Node
      at = pair.value
    } else if (isSeq(at) && typeof step === 'number' && at.items[step]) {
      at = at.items[step]
      shown = at as Node
    } else break
  }
  const [from, to] = (shown ?? (document.contents as Node | null))?.range ?? [0, 1]
  const start = lines.linePos(from), end = lines.linePos(to)
  return { line: start.line, column: start.col, endColumn: shown && end.line === start.line ? end.col : start.col + 1 }
}
