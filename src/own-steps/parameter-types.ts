import { ParameterType } from '@cucumber/cucumber-expressions'
import { kindOf } from '../assertions/subjects/kinds.ts'
import { parseDuration } from '../base/duration.ts'
import type { Comparison, ComponentName } from '../dsl/step-ast.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { ScenarioContext } from '../steps/context.ts'
import type { Component, Count, Kind, Subject } from './arguments.ts'

/** A value that is known only when the step runs: what was bound, which namespace is meant, which kinds the cluster serves. */
export class Late {
  readonly of: (context: ScenarioContext) => unknown
  constructor(of: (context: ScenarioContext) => unknown) { this.of = of }
}
/** Text of the right look that means nothing (`99 zorks` for a duration): the expression does not match after all. */
export class NoSuch extends Error { override readonly name = 'NoSuch' }

const name = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?'
const components = [
  'control plane', 'kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager', 'kubelet', 'kube-proxy', 'coredns',
]
const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
/** every word for a kind, long ones first, so that `pods` is not read as `pod` and an `s` */
const kindWords = (): string =>
  [...new Set(registry.all.flatMap(k => [k.kind, k.resource, k.singular, ...k.shortNames].flatMap(w => k.group ? [w, `${w}.${k.group}`] : [w])))].sort((a, b) =>
  b.length - a.length)
  .map(w => w.replaceAll('.', '\\.'))
  .join('|')

/** Those of the built-in parameter types that are used, `{subject}` and its kin; those of Cucumber (`{int}`, `{string}` …) come with its registry. */
export function builtinTypes(used: ReadonlySet<string>): readonly ParameterType<unknown>[] {
  const kinds = used.has('subject') || used.has('kind') ? kindWords() : ''
  const type = (called: string, regexps: readonly string[], transform: (...groups: string[]) => unknown): ParameterType<unknown> =>
    new ParameterType<unknown>(called, regexps.map(r => new RegExp(r)), null, transform as never, false, false)
  const nameOf = (text: string): unknown => text.startsWith('$') ? new Late(context => bound(context, text.slice(1)).name) : text
  const names = [name, '\\$[\\w-]+']
  const all: readonly (readonly [string, readonly string[], (...groups: string[]) => unknown])[] = [
    [
      'subject', [`(?:the )?(${kinds}) (?:(${name})\\/)?(${name})(?: in namespace (${name}))?`, '\\$([\\w-]+)'],
      (kind, before, called, behind, binding) => new Late(context => binding ? ofBinding(context, binding) : subject(context, kind, called, before ?? behind)),
    ],
    ['kind', [kinds], word => new Late(context => kind(context, word))],
    [
      'component', [`(?:the )?(${components.join('|')})(?: on (${name}))?`],
      (component, node): Component => ({ component: component as ComponentName, ...(node ? { node } : {}) }),
    ],
    [
      'count', [`(?:(at least|at most|more than|exactly) )?(\\d+|${numbers.join('|')})`],
      (comparison, text) => count((comparison ?? 'exactly') as Comparison, numbers.includes(text) ? numbers.indexOf(text) : Number(text)),
    ],
    ['duration', ['\\d+(?:\\.\\d+)? ?[a-z]+(?:(?:,? (?:and )?)?\\d+(?:\\.\\d+)? ?[a-z]+)*'], text => parseDuration(text) ?? no(`${text} is no duration`)],
    ['name', names, nameOf], ['node', names, nameOf], ['namespace', [name], text => text],
    ['selector', ['!?[A-Za-z0-9][\\w.\\/-]*(?:(?:!=|==?)[\\w.-]*)?(?:,!?[A-Za-z0-9][\\w.\\/-]*(?:(?:!=|==?)[\\w.-]*)?)*'], text => text],
    ['quantity', ['[+-]?\\d+(?:\\.\\d+)?(?:[numkMGTPE]|[KMGTPE]i)?'], text => text],
    ['jsonpath', ['\\{[^}]+\\}|\\.[^\\s]+'], text => text],
    ['status', ['[A-Z][A-Za-z0-9:]*'], text => text],
  ]
  return all.filter(([called]) => used.has(called)).map(([called, regexps, transform]) => type(called, regexps, transform))
}
const no = (why: string): never => { throw new NoSuch(why) }

function count(comparison: Comparison, wanted: number): Count {
  const holds = (actual: number): boolean => comparison === 'at least' ? actual >= wanted
    : comparison === 'at most' ? actual <= wanted
    : comparison === 'more than' ? actual > wanted
    : actual === wanted
  return { comparison, count: wanted, holds }
}
function bound(context: ScenarioContext, binding: string) {
  return context.bindings.get(binding) ?? no(`no earlier step binds $${binding}`)
}
function ofBinding(context: ScenarioContext, binding: string): Subject {
  const { kind, resource, name: called, namespace } = bound(context, binding)
  return {
    label: `${kind.toLowerCase()} ${called}`, kind, group: resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '', name: called, resource,
    ...(namespace ? { namespace } : {}),
  }
}
function subject(context: ScenarioContext, word: string, called: string, inside: string | undefined): Subject {
  const { kind: of, group, resource, namespaced, singular } = kindOf(word, context.driver())
  return { label: `${singular} ${called}`, kind: of, group, name: called, resource, ...(namespaced ? { namespace: inside ?? context.namespace } : {}) }
}
function kind(context: ScenarioContext, word: string): Kind {
  const known = registry.find(word)
  if (known) return { kind: known.kind, group: known.group, version: known.version, resource: known.resource, namespaced: known.namespaced }
  const { kind: of, group, resource, namespaced } = kindOf(word, context.driver())
  return { kind: of, group, version: 'v1', resource: resource.split('.')[0], namespaced }
}
