import { hashString } from '../../../base/hash.ts'
import { typeName } from '../../../runtime-model/api/schema.ts'
import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { normalise } from '../../../runtime-model/kinds/decode.ts'
import { ApiError, failure, messageOf, usage } from '../errors.ts'
import { bool, text, type Flags, type FlagTable } from '../flags.ts'
import { apiVersionOf, kindOf } from '../kinds.ts'
import { inStructOrder } from '../printers/field-order.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { orderedLine } from '../printers/ordered-line.ts'
import { contentHash } from '../kustomize/name-hash.ts'
import type { Session } from '../session.ts'
import { dryRun, output, validate, validation, type Verb } from '../verb.ts'
import { LAST_APPLIED } from '../verbs/last-applied.ts'

/** One `kubectl create X`: flags, and the object they describe. Sources: kubectl pkg/cmd/create/create_*.go. */
export interface Creation {
  /** resource word: `deployments` */
  readonly of: string
  readonly flags?: FlagTable
  readonly required?: readonly string[]
  /** `configmap`: how the command introduces a refusal (`failed to create configmap: …`); undefined: it does not */
  readonly wrapped?: string
  readonly discovers?: boolean
  build(name: string, flags: Flags, session: Session): any
}

export function creation({ of, flags: own, required = [], wrapped, discovers = false, build }: Creation): Verb {
  return {
    discovers, flags: { ...output, ...dryRun, ...validate, ...own, 'field-manager': text(undefined, 'kubectl-create'), 'save-config': bool() },
    async run(session, flags, command) {
      const missing = required.filter(f => !flags.given(f))
      if (missing.length > 0) throw failure(`required flag(s) ${missing.map(f => `"${f}"`).join(', ')} not set`)
      const names = flags.dashAt === undefined ? flags.args : flags.args.slice(0, flags.dashAt)
      if (names.length !== 1) throw usage(command, `exactly one NAME is required, got ${names.length}`)
      // a context that is not there is told, whether or not its namespace matters
      const kind = kindOf(of), { namespace } = session
      validation(flags)
      const built = await build(names[0], flags, session)
      const namespaced = kind.namespaced && (session.namespaceGiven || dryRunOf(flags) !== 'client') ? { namespace } : {}
      const plain = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...built, metadata: { name: names[0], ...built.metadata, ...namespaced } }
      const object = flags.on('append-hash') ? { ...plain, metadata: { ...plain.metadata, name: `${names[0]}-${contentHash(plain, names[0])}` } } : plain
      // of Services it is taken and not heeded
      const saves = flags.on('save-config') && of !== 'services'
      await create(session, flags, of, saves ? withConfig(session, kind, object) : object, wrapped)
    },
  }
}

/** The object as its Go type writes it, with the fields that are never left out. */
export const asTyped = (kind: KindDefinition, object: any): any =>
  ({ apiVersion: object.apiVersion, kind: object.kind, ...normalise(typeName(kind.group, kind.version, kind.kind), object) })

/**
 * `--save-config` of what kubectl makes itself: written as its Go type writes it, with no namespace but one that was asked for. Source: kubectl
 * pkg/util/apply.go (CreateApplyAnnotation).
 */
export function withConfig(session: Session, kind: KindDefinition, object: any): any {
  const { namespace, ...metadata } = object.metadata, plain = asTyped(kind, session.namespaceGiven ? object : { ...object, metadata })
  return {
    ...object, metadata: { ...object.metadata, annotations: { ...metadata.annotations, [LAST_APPLIED]: `${orderedLine(inStructOrder(kind, plain))}\n` } },
  }
}

/** Sends a typed create, or shows what it would send, and says so. `manager`: who then owns the fields. */
export async function create(
  session: Session, flags: Flags, of: string, object: any, wrapped: string | undefined, manager = flags.text('field-manager')
): Promise<any> {
  const made = await make(session, flags, of, object, wrapped, manager)
  printDone(session, flags, { kind: kindOf(of), object: made }, 'created', dryRunOf(flags))
  return made
}
/** …and says nothing of it. */
export async function make(
  session: Session, flags: Flags, of: string, object: any, wrapped?: string, manager = flags.text('field-manager')
): Promise<any> {
  const kind = kindOf(of), mode = dryRunOf(flags)
  if (mode === 'client') return asTyped(kind, object)
  try {
    return await session.send({
      verb: 'create', ...session.of(kind), body: object, fieldManager: manager, fieldValidation: flags.given('validate') ? validation(flags) : 'Strict',
      ...mode === 'server' ? { dryRun: true } : {},
    })
  } catch (error) {
    if (wrapped !== undefined && error instanceof ApiError) {
      throw failure(`failed to create ${wrapped}${wrapped === 'secret' ? '' : ':'} ${messageOf(error, 'Post')}`)
    }
    throw error
  }
}

/** `a=b` pairs of a flag */
export function pairsOf(values: readonly string[], wrong: (value: string) => Error): Record<string, string> {
  return Object.fromEntries(values.map(value => {
    const at = value.indexOf('=')
    if (at < 0) throw wrong(value)
    return [value.slice(0, at), value.slice(at + 1)]
  }))
}
/** what stands behind `--` */
export const commandOf = (flags: Flags): readonly string[] => flags.dashAt === undefined ? [] : flags.args.slice(flags.dashAt)
/**
 * The last part of an image's path; one with characters that a container's name may not have ends in five random ones. Source: create_deployment.go
 * (sanitizeAndUniquify).
 */
export function containerName(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '')
  return /[_.]/.test(name) ? `${name.replace(/[_.]/g, '-')}-${suffixOf(image)}` : name
}
/** Source: apimachinery pkg/util/rand; what is random there follows from the image here. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'
const suffixOf = (image: string): string => [0, 1, 2, 3, 4].map(i => letters[hashString(`${i}${image}`) % letters.length]).join('')
