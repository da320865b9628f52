import type { StepKind } from '../dsl/phrase-declaration.ts'
import type { Component, Count, Kind, Subject } from './arguments.ts'
import type { OwnCluster } from './own-cluster.ts'

/**
 * Steps of one's own: `step('the catalog answers {int} requests', (cluster, count) => …)`, with Cucumber Expressions
 * (github.com/cucumber/cucumber-expressions) or regular expressions. A file of steps exports them or merely calls `step`.
 */
export interface OwnStep {
  readonly expression: string | RegExp
  /** what the step does; absent: what its keyword says (Given establishes, When acts, Then asserts) */
  readonly kind?: StepKind
  /** shown by `kscenario steps` and in editors */
  readonly doc?: string
  /** sentences that it reads, for the step reference */
  readonly examples?: readonly string[]
  /** The step at work: what it throws fails the step, in its own words. */
  readonly run: (cluster: OwnCluster, ...args: any[]) => unknown
  /** where it was declared: `file:///…/steps.mjs:12:1` */
  readonly at?: string
}
export type OwnStepOptions = Pick<OwnStep, 'kind' | 'doc' | 'examples'>

/** A parameter type of one's own, `{shelf}`: what it looks like, and what its text becomes. */
export interface OwnParameterType {
  readonly name: string
  readonly regexp: RegExp | readonly RegExp[]
  /** the groups of the regular expression, or all of its text; absent: the text as it is */
  readonly transform?: (...groups: string[]) => unknown
}

/** What the parameters of an expression become, by their names. */
export interface ArgumentTypes {
  int: number; float: number; double: number; long: number; byte: number; short: number; word: string; string: string; '': string
  subject: Subject; kind: Kind; component: Component; count: Count; duration: number
  name: string; namespace: string; node: string; selector: string; quantity: string; jsonpath: string; status: string
}
/** `'{subject} is read {int} times'` → [Subject, number] */
export type ArgumentsOf<E> = E extends `${string}{${infer Name}}${infer Rest}` ? [
  Name extends keyof ArgumentTypes ? ArgumentTypes[Name] : any, ...ArgumentsOf<Rest>,
] : []
type Run<E> = (cluster: OwnCluster, ...args: E extends string ? string extends E ? any[] : ArgumentsOf<E> : any[]) => unknown

/** Who is told of steps and parameter types that a module declares while it is loaded; see config/modules.ts. */
const COLLECTOR = Symbol.for('kscenario.declared')
export type Declared = OwnStep | OwnParameterType
const places = globalThis as { [COLLECTOR]?: Declared[] }
export async function declaredBy(load: () => Promise<unknown>): Promise<readonly Declared[]> {
  const before = places[COLLECTOR], mine: Declared[] = places[COLLECTOR] = []
  try { await load() } finally { places[COLLECTOR] = before }
  return mine
}
const declare = <T extends Declared>(declared: T): T => { places[COLLECTOR]?.push(declared); return declared }

/** who called `step`: the fourth of the stack, behind this function and the two that make the step */
const caller = (): string | undefined => /((?:file:|\/|[A-Za-z]:\\)[^\s()]*:\d+:\d+)\)?$/.exec(new Error().stack?.split('\n')[4] ?? '')?.[1]
const declareStep = (kind: StepKind | undefined, expression: string | RegExp, options: OwnStepOptions, run: OwnStep['run']): OwnStep =>
  declare({ expression, ...(kind ? { kind } : {}), ...options, run, at: caller() })

type Declare = {
  <const E extends string | RegExp>(expression: E, run: Run<E>): OwnStep
  <const E extends string | RegExp>(expression: E, options: OwnStepOptions, run: Run<E>): OwnStep
}
const declarer = (kind: StepKind | undefined): Declare => (expression: string | RegExp, second: unknown, third?: unknown): OwnStep => {
  const run = third ?? second
  if (typeof run !== 'function') throw new TypeError(`step(${JSON.stringify(String(expression))}): the last argument is what it does, a function`)
  return declareStep(kind, expression, third === undefined ? {} : second as OwnStepOptions, run as OwnStep['run'])
}

/** A step that goes with any keyword. */
export const step: Declare = declarer(undefined)
/** A step that establishes something before the run. */
export const Given: Declare = declarer('world')
/** A step that does something to the cluster. */
export const When: Declare = declarer('action')
/** A step that asserts: it throws, or calls `cluster.fail`, when what it says is not so. */
export const Then: Declare = declarer('sentence')
export const parameterType = (type: OwnParameterType): OwnParameterType => declare(type)

export const isOwnStep = (value: any): value is OwnStep =>
  typeof value?.run === 'function' && (typeof value.expression === 'string' || value.expression instanceof RegExp)
export const isParameterType = (value: any): value is OwnParameterType =>
  typeof value?.name === 'string' && (value.regexp instanceof RegExp || Array.isArray(value?.regexp))
