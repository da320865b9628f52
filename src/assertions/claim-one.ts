import type { SubjectAst } from '../dsl/step-ast.ts'
import type { PredicateResult, ReferenceMoment, ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { ask, isEmpty, isThere, readsNode, witnessOf } from './claim.ts'
import type { Claim, ClaimParts, Manner, Reading } from './claim.ts'
import { outcomeOf } from './outcomes.ts'
import { everStored } from './predicates/support.ts'
import { absence, containerOf, fileOf, labelOf, referenceOf, resolveObject } from './subjects/index.ts'
import type { Place } from './subjects/index.ts'

type One = Exclude<SubjectAst, { readonly type: 'set' }>

/** A claim about one subject: an object, a container, a component, an outcome, traffic, a file. */
export class ClaimOfOne implements Claim {
  readonly parts: ClaimParts
  readonly #ast: One
  readonly #manner: Manner
  readonly #reference: ReferenceMoment | undefined
  #place: Place
  #reading: Reading | undefined
  #wasThere = false

  constructor(parts: ClaimParts, ast: One, manner: Manner, place: Place, reference: Place | undefined) {
    this.parts = parts; this.#ast = ast; this.#manner = manner; this.#place = place
    this.#reference = reference && momentOf(resolveOne(ast, reference), reference)
    this.#wasThere = reference !== undefined && this.#reference?.object !== undefined
  }
  note(o: Observation): boolean {
    const may = this.#concerns(o)
    if (may) this.#reading = undefined
    return may
  }
  #concerns(o: Observation): boolean {
    if (readsNode(this.parts, o)) return true
    const ast = this.#ast
    if (ast.type === 'component') return this.parts.definition.reads === undefined && (o.type === 'component' || o.type === 'nodePower')
    if (ast.type === 'outcome') return o.type === 'answer' || o.type === 'request'
    if (ast.type === 'traffic') return o.type === 'traffic'
    if (o.type !== 'object') return ast.type !== 'object' && ast.type !== 'binding' && (o.type === 'container' || o.type === 'podStatus')
    const { ref } = referenceOf(objectAst(ast), this.#place)
    return o.resource === ref.resource && o.name === ref.name && o.namespace === (ref.namespace ?? '')
  }
  moveTo(place: Place): void { this.#place = place; this.#reading = undefined }

  read(): Reading {
    if (this.#reading && !this.parts.definition.volatile) return this.#reading
    const subject = resolveOne(this.#ast, this.#place)
    return this.#reading = this.#judge(subject)
  }
  #judge(subject: ResolvedSubject): Reading {
    const { any, absent } = this.#manner
    if (isThere(subject, this.parts)) this.#wasThere = true
    else if (!this.#outlived(subject)) {
      const empty = absent === 'empty' || (absent === 'not yet' && !this.#wasThere)
      return { truth: empty ? 'empty' : 'fails', witnesses: [{ subject, seen: absence(subject, this.#place) }], total: 0, satisfied: 0, isSet: false }
    }
    if (this.#manner.unborn && this.#isUnborn(subject)) return { truth: 'empty', witnesses: [], total: 0, satisfied: 0, isSet: false }
    const result: PredicateResult = ask(this.parts, subject, this.#place, this.#reference, any)
    const holds = result === true
    return {
      truth: result === true ? 'holds' : isEmpty(result, any) ? 'empty' : 'fails', total: 1, satisfied: holds ? 1 : 0, isSet: false,
      witnesses: holds && !any ? [] : [witnessOf(subject, result)],
      ...(result !== true && 'notModelled' in result ? { notModelled: result.notModelled } : {}),
    }
  }
  /** What is said of it is still so, though it has gone. */
  #outlived({ type, ref }: ResolvedSubject): boolean {
    return this.parts.definition.outlives === true && type === 'object' && ref !== undefined && everStored(this.#place, ref)
  }
  /** A moment of the past at which nothing of this name had been made; later it was. */
  #isUnborn({ ref, object }: ResolvedSubject): boolean {
    if (!ref || object !== undefined || this.#place.driver === this.#place.context.driver()) return false
    return everStored({ driver: this.#place.context.driver() }, ref) && !everStored(this.#place, ref)
  }
}

function objectAst(ast: Exclude<One, { readonly type: 'component' | 'outcome' | 'traffic' }>) {
  if (ast.type === 'container') return ast.pod
  return ast.type === 'file' ? ast.container.pod : ast
}

export function resolveOne(ast: One, place: Place): ResolvedSubject {
  switch (ast.type) {
    case 'object': case 'binding': return resolveObject(ast, place)
    case 'container': return containerOf(resolveObject(ast.pod, place), ast)
    case 'file': return fileOf(resolveObject(ast.container.pod, place), ast)
    case 'component': return { type: 'component', label: labelOf(ast), ast }
    case 'outcome':
      return { type: 'outcome', label: ast.of === 'request' ? `the request "${ast.description}"` : `the ${ast.of}`, ast, object: outcomeOf(ast, place) }
    case 'traffic': return { type: 'traffic', label: ast.name !== undefined ? `traffic "${ast.name}"` : 'the requests', ast }
  }
}

/** What a relative predicate compares with, taken out of a moment before it goes by. */
export function momentOf(subject: ResolvedSubject, place: Place): ReferenceMoment {
  const uid = subject.object?.metadata?.uid
  return {
    object: subject.object, driver: place.driver, observedTo: place.observedTo,
    ...(uid !== undefined && subject.ref?.resource === 'pods' ? { truth: place.driver.nodeTruth.pod(uid, subject.object.spec?.nodeName) } : {}),
  }
}
