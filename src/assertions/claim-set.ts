import type { SetSubject } from '../dsl/step-ast.ts'
import type { PredicateResult, ReferenceMoment, ResolvedSubject } from '../extension.ts'
import type { Observation } from '../runtime-model/kernel/observation.ts'
import { ask, isEmpty, isThere, negate, readsNode, witnessLimit, witnessOf } from './claim.ts'
import type { Claim, ClaimParts, Manner, Reading, Witness } from './claim.ts'
import { momentOf } from './claim-one.ts'
import { CannotRun } from './errors.ts'
import { moot, ofSet, staleStatus, tooManyOf } from './predicates/support.ts'
import { belongsTo, hasContainer, lacks, memberOf, membersOf, resolveObject, selectionOf } from './subjects/index.ts'
import type { Owner, Place, Selection } from './subjects/index.ts'
import type { Truth } from './temporal.ts'

interface Member {
  subject: ResolvedSubject
  result: PredicateResult | undefined
  /** at which look it came to be so */
  since?: number
  readonly reference?: ReferenceMoment
}
const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`

/** A claim about a set. Members are kept from one moment to the next; an observation costs the work of the member it is about. */
export class ClaimOfSet implements Claim {
  readonly parts: ClaimParts
  readonly #ast: SetSubject
  readonly #manner: Manner
  readonly #members = new Map<string, Member>()
  readonly #dirty = new Set<string>()
  readonly #fixed: boolean
  #place: Place
  #selection: Selection
  #satisfied = 0
  #looks = 0
  /** of how many neither it nor its opposite can be said */
  #moot = 0
  #hadMember: boolean | undefined
  /** of several owners one that never had any of these */
  #neverHad: Owner | undefined
  #notModelled: string | undefined

  constructor(parts: ClaimParts, ast: SetSubject, manner: Manner, place: Place, reference: Place | undefined) {
    this.parts = parts; this.#ast = ast; this.#manner = manner; this.#place = place
    this.#selection = selectionOf(ast, place)
    if (parts.definition.testSet && ast.quantifier.type === 'count') throw new CannotRun('this is said of all of them together, and not of a number of them')
    const from = manner.members === 'at opening' ? reference ?? place : place
    const members = membersOf(ast, from)
    // members of an empty beginning are those that come: only a set that stays empty is vacuous
    this.#fixed = manner.members === 'at opening' && (members.length > 0 || parts.definition.relative === true)
    for (const subject of members) this.#add(subject, reference && parts.definition.relative ? momentOf(subject, reference) : undefined)
  }
  #add(subject: ResolvedSubject, reference?: ReferenceMoment): void {
    const key = keyOf(subject.ref!.namespace, subject.ref!.name)
    this.#remove(key)
    this.#members.set(key, { subject, result: undefined, reference })
    this.#dirty.add(key)
    this.#hadMember = true
  }
  #remove(key: string): void {
    this.#count(this.#members.get(key)?.result, -1)
    this.#members.delete(key); this.#dirty.delete(key)
  }
  #touch(key: string): void { if (this.#members.has(key)) this.#dirty.add(key) }
  #touchAll(): void { for (const key of this.#members.keys()) this.#dirty.add(key) }

  note(o: Observation): boolean {
    if (o.type === 'object') {
      if (o.resource === this.#selection.kind.resource) return this.#changed(o)
      if (!this.#fixed && this.#selection.alsoReads.includes(o.resource)
        && (o.change !== 'MODIFIED' || o.old?.metadata.ownerReferences !== o.new?.metadata.ownerReferences)) {
        this.#refill()
        return true
      }
      if (this.#manner.settled && this.#selection.alsoReads.includes(o.resource)) return true
    }
    if (this.#ast.container !== undefined && (o.type === 'container' || o.type === 'podStatus')) this.#touch(keyOf(o.namespace, o.pod))
    if (readsNode(this.parts, o)) { if (o.type === 'container' || o.type === 'podStatus') this.#touch(keyOf(o.namespace, o.pod)); else this.#touchAll() }
    return this.#dirty.size > 0
  }
  #changed(o: Extract<Observation, { readonly type: 'object' }>): boolean {
    const key = keyOf(o.namespace, o.name)
    if (this.#fixed) { const known = this.#members.has(key); this.#touch(key); return known }
    const belongs = o.change !== 'DELETED' && this.#selection.belongs(o.new, this.#place)
    if (!belongs) { const known = this.#members.has(key); this.#remove(key); return known }
    this.#add(memberOf(this.#ast, this.#selection, o.new))
    return true
  }
  #refill(): void {
    for (const key of [...this.#members.keys()]) this.#remove(key)
    for (const subject of membersOf(this.#ast, this.#place)) this.#add(subject)
  }
  moveTo(place: Place): void {
    this.#place = place
    if (this.#fixed) this.#touchAll(); else { this.#selection = selectionOf(this.#ast, place); this.#refill() }
  }

  read(): Reading {
    if (this.parts.definition.volatile) this.#touchAll()
    this.#looks++
    for (const key of this.#dirty) this.#judge(this.#members.get(key)!)
    this.#dirty.clear()
    const set = this
    return {
      truth: this.#truth(), notModelled: this.#notModelled, get witnesses() { return set.#witnesses() },
      total: Math.max(this.#members.size, this.#ast.names?.length ?? 0), satisfied: this.#satisfied + this.#gone, isSet: true,
      ...(this.parts.definition.existence ? { leaving: [...this.#members.values()].filter(m => m.subject.object?.metadata.deletionTimestamp).length } : {}),
    }
  }
  #judge(member: Member): void {
    this.#count(member.result, -1)
    const before = member.result === true
    const subject = member.subject = this.#current(member)
    member.result = isThere(subject, this.parts) ? ask(this.parts, subject, this.#place, member.reference, this.#manner.any) : this.#goneOf(subject)
    this.#count(member.result, 1)
    if (member.since === undefined || before !== (member.result === true)) member.since = this.#looks
    if (member.result !== true && 'notModelled' in member.result) this.#notModelled = member.result.notModelled
  }
  #goneOf({ label, ref }: ResolvedSubject): PredicateResult {
    const { container } = this.#ast, stored = container !== undefined && this.#place.driver.stored(ref!.resource, ref!.namespace ?? '', ref!.name)
    return stored ? moot(lacks(stored, container!, `pod ${ref!.name}`)) : { no: `there is no ${label} any more` }
  }
  #count(result: PredicateResult | undefined, by: number): void {
    if (result === true) this.#satisfied += by
    else if (result !== undefined && 'no' in result && result.moot !== undefined) this.#moot += by
  }
  /** The member as it is now; for who merely bears its name the predicate decides (`unaffected`), else it is gone. */
  #current({ subject, reference }: Member): ResolvedSubject {
    const { resource, namespace, name, uid } = subject.ref!
    const stored = this.#place.driver.stored(resource, namespace ?? '', name)
    const { container } = this.#ast, same = stored && (reference || stored.metadata.uid === uid) && (container === undefined || hasContainer(stored, container))
    return { ...subject, object: same ? stored : undefined }
  }

  #truth(): Truth {
    const { quantifier } = this.#ast, { definition } = this.parts
    if (this.#unsettled()) return 'fails'
    if (this.#missing().length > 0 && (this.#members.size > 0 || !definition.existence)) return this.#withoutSome()
    const ofSome = this.#ofSome()
    if (definition.testSet) {
      const whole = this.#members.size > 0 && !ofSome && this.#ofWhole()
      return whole === true ? 'holds' : whole === false || isEmpty(whole, this.#manner.any) ? 'empty' : 'fails'
    }
    if (this.#several) return 'fails'
    const total = this.#members.size
    if (quantifier.type === 'count' && !(quantifier.percent && total === 0)) {
      return ofSet(quantifier, this.#satisfied, total) && ofSet(quantifier, this.#satisfied + this.#moot, total) ? 'holds' : 'fails'
    }
    if (this.#members.size === 0) return definition.existence && this.#onceHadMember() ? this.#ofNobody() : 'empty'
    if (this.#manner.any) {
      const nothing = ofSome || (this.#moot === this.#members.size && [...this.#members.values()].every(m => isEmpty(m.result!, true)))
      return this.#satisfied > 0 ? 'holds' : nothing ? 'empty' : 'fails'
    }
    return this.#satisfied < this.#members.size ? 'fails' : ofSome ? 'empty' : 'holds'
  }
  /** Of several owners the one that has none of these: of each something is claimed. */
  #ofSome(): Owner | undefined {
    const { owners } = this.#selection, { driver } = this.#place
    if (owners.length < 2) return undefined
    const members = [...this.#members.values()].map(m => m.subject.object ?? m.subject.ref).filter(o => o?.metadata)
    return owners.find(owner => !members.some(object => belongsTo(object, owner, driver)))
  }
  /** Those that are named and are not there, nor were when the window opened. */
  #missing(): readonly ResolvedSubject[] {
    const { names = [], kind, scope, span } = this.#ast, there = new Set([...this.#members.values()].map(m => m.subject.ref!.name))
    return names.filter(name => !there.has(name)).map(name =>
      resolveObject({ type: 'object', kind, name, ...(scope.type === 'named' ? { namespace: scope.namespace } : {}), span }, this.#place))
  }
  /** Each that is named must be there, unless it is whether they are there that is claimed. */
  #withoutSome(): Truth {
    const { any, absent } = this.#manner, satisfied = this.#satisfied + this.#gone
    if (this.parts.definition.existence) return satisfied >= (any ? 1 : this.#ast.names!.length) ? 'holds' : 'fails'
    if (any) return satisfied > 0 ? 'holds' : 'empty'
    return absent === 'not yet' && this.#members.size === 0 && !this.#hadMember ? 'empty' : 'fails'
  }
  /** Of how many that are missing it holds, as only their absence is claimed. */
  get #gone(): number {
    return this.parts.definition.existence ? this.#missing().filter(subject => ask(this.parts, subject, this.#place, undefined) === true).length : 0
  }
  /** `the pod of deployment web`, of which there are two: it is not known of which it is said. What never is so, is so of none of them. */
  get #several(): boolean { return this.#ast.single === true && !this.#manner.any && this.#members.size > 1 }
  /** Whose set it is, or the ReplicaSet through which it is, where a controller has not seen yet what is asked of it: others will come, or some will go. */
  #unsettled(): Witness | undefined {
    if (!this.#manner.settled || this.#members.size === 0) return undefined
    for (const owner of this.#selection.owners) { const found = this.#unsettledOf(owner); if (found) return found }
    return undefined
  }
  #unsettledOf(owner: Owner): Witness | undefined {
    const { driver, context } = this.#place
    const stored = driver.stored(owner.resource, owner.namespace ?? '', owner.name)
    const through = stored && owner.resource === 'deployments.apps'
      ? driver.storedList('replicasets.apps', owner.namespace).filter(r => r.metadata.ownerReferences?.some((o: any) => o.uid === stored.metadata.uid))
      : []
    for (const object of stored ? [stored, ...through] : []) {
      const { name, namespace, uid } = object.metadata, resource = object === stored ? owner.resource : 'replicasets.apps'
      const ref = { group: owner.group, kind: object.kind, resource, name, namespace, uid }, seen = staleStatus({ ref, object }, { context })
      if (seen !== undefined) return { subject: { type: 'object', label: `${object.kind.toLowerCase()} ${name}`, ref, object, ast: this.#ast }, seen }
    }
    return undefined
  }
  #ofWhole(): PredicateResult {
    const { definition, predicate, argument } = this.parts
    return negate(
      definition.testSet!([...this.#members.values()].map(m => m.subject), predicate.args, { ...this.#place, ast: predicate, argument }), predicate.negated
    )
  }
  /** `gone` and `present` of a set that has lost its members. */
  #ofNobody(): Truth {
    const nobody: ResolvedSubject = { type: 'object', label: this.#ast.kind, ast: this.#ast }
    return ask(this.parts, nobody, this.#place, undefined) === true ? 'holds' : 'fails'
  }
  #onceHadMember(): boolean {
    if (this.#hadMember !== undefined && this.#selection.owners.length < 2) return this.#hadMember
    const { resource } = this.#selection.kind
    const belongs = (object: any): boolean => object !== undefined && object !== null && this.#selection.belongs(object, this.#place)
    const missed = new Set(this.#selection.owners.length > 1 ? this.#selection.owners : [undefined])
    for (const o of this.#place.driver.history()) {
      if (o.type !== 'object' || o.resource !== resource) continue
      const object = belongs(o.new) ? o.new : belongs(o.old) ? o.old : undefined
      if (object) for (const owner of missed) if (!owner || belongsTo(object, owner, this.#place.driver)) missed.delete(owner)
      if (missed.size === 0) return this.#hadMember = true
    }
    this.#neverHad = [...missed][0]
    return false
  }
  #witnesses(): Witness[] {
    const { quantifier } = this.#ast, found: Witness[] = [], unsettled = this.#unsettled(), ofSome = this.#members.size > 0 ? this.#ofSome() : undefined
    if (unsettled) return [unsettled]
    const [missing] = this.#manner.any && this.#satisfied > 0 ? [] : this.#missing()
    if (missing && (this.parts.definition.existence !== true || ask(this.parts, missing, this.#place, undefined) !== true)) {
      return [{ subject: missing, seen: `there is no ${missing.label}` }]
    }
    if (this.#several) return [{ subject: { type: 'set', label: this.#ast.kind, ast: this.#ast }, seen: `there are ${this.#members.size} of these, and one is meant` }]
    if (this.parts.definition.testSet) {
      const whole = this.#ofWhole()
      return whole === true || !('no' in whole) ? [] : [{ subject: { type: 'set', label: this.#ast.kind, ast: this.#ast }, seen: whole.no }]
    }
    const wanted = this.#manner.any || (quantifier.type === 'count' && this.#tooMany())
    // of those that should not be so, the one that came last has broken it
    const members = wanted ? [...this.#members.values()].sort((a, b) => (b.since ?? 0) - (a.since ?? 0)) : this.#members.values()
    for (const { subject, result } of members) {
      if (found.length >= witnessLimit) break
      if (result !== undefined && (result === true) === wanted) found.push(witnessOf(subject, result))
    }
    const without = this.#members.size === 0 ? this.#neverHad : ofSome
    if (found.length > 0 || !without || wanted) return found
    const subject: ResolvedSubject = { type: 'set', label: this.#ast.kind, ast: this.#ast }, owner = `${without.kind.toLowerCase()} ${without.name}`
    return [{ subject, seen: without === ofSome ? `there are no such ${this.#ast.kind} of ${owner}` : `${owner} never had any such ${this.#ast.kind}` }]
  }
  #tooMany(): boolean { const { quantifier } = this.#ast; return quantifier.type === 'count' && tooManyOf(quantifier, this.#satisfied, this.#members.size) }
}
