import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { distance } from '../base/suggest.ts'
import type { Language, Miss } from './language.ts'
import { mend, type Understanding } from './mend.ts'
import { nearestForms } from './nearest-forms.ts'
import { inOtherWords } from './other-words/index.ts'
import type { StepArgument } from './step-ast.ts'
import { wordsOf } from './text-words.ts'
import { farthestOf, type Farthest } from './vocabulary.ts'

/** `the pod is Running`, `pod is Running`, of which nobody is named */
const unnamed = new RegExp(
  '^(?:the )?(?:pod|node|namespace|deployment|service|job|cronjob|statefulset|daemonset|container|pvc|pv|secret|configmap|replicaset|ingress|hpa|crd) '
    + '(?:is|are|was|has|does|should|must|will|can|cannot|eventually|always|never|stays|becomes|gets|goes|comes|crashes)\\b', 'i'
)
/** the nearest sentence would say something else */
const beyondMending = (text: string): boolean => unnamed.test(text) || /\breschedul/i.test(text) || (text.split('"').length % 2 === 0 && !/\\"/.test(text))

/** Nothing reads like this: a caret under the first word that does not fit, the nearest sentences, or what could stand there. */
export function undefinedStep(text: string, misses: readonly Miss[], language: Language, argument: StepArgument, understanding: Understanding): Diagnostic {
  const far = farthestOf(misses)
  const word = wordsOf(text.replace(/:$/, ' ')).find(w => w.start >= far.at) ?? { text: '', start: text.length, end: text.length }
  const mended = invisible.test(text) ? [] : meant(text, misses, language, understanding)
  const suggestions = mended.length > 0 || beyondMending(text) ? mended : nearestForms(text, language)
  return diagnostic({
    code: 'step-undefined',
    message: word.text ? `\`${clip(word.text)}\` does not fit here: no step or assertion reads like this` : 'the sentence is not complete',
    span: { line: 1, column: word.start + 1, endColumn: Math.max(word.end, word.start + 1) + 1 },
    ...(mended.length > 0 ? {} : { expected: expectedAt(far, word) }),
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...(mended.length > 0
      ? {}
      : { help: missingColon(text, argument, misses) ?? habitOf(text) ?? tooMuch(far) ?? '`kscenario steps` lists everything that can be said' }),
  })
}
/** What people say elsewhere, then the nearest sentences. */
function meant(text: string, misses: readonly Miss[], language: Language, understanding: Understanding): string[] {
  const known = inOtherWords(text).filter(understanding.understood).slice(0, 2)
  return known.length > 0 ? known : beyondMending(text) ? [] : mend(text, misses, language, understanding)
}
const clip = (word: string): string => (word.length > 60 ? `${word.slice(0, 60)}…` : word)

/** The same sentence with a colon would have been one. */
function missingColon(text: string, argument: StepArgument, misses: readonly Miss[]): string | undefined {
  const complete = misses.some(m => m.at >= text.length) || misses.length === 0
  return (argument.table || argument.docString) && !text.endsWith(':') && complete
    ? 'a sentence with a table or a doc string below it ends in a colon'
    : undefined
}

const invisible = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/
/** What people bring along from other tools, and how it is said here. */
const habits: readonly (readonly [pattern: RegExp, help: string])[] = [
  [invisible, 'a character that cannot be seen stands in this sentence (U+200B or the like, from a copied text): write the word anew'],
  [/[\u201C\u201D\u201E\u00AB\u00BB]/, 'texts stand between straight quotation marks: `I run "kubectl get pods"`'],
  [/^[^"]*"[^"]*(?:"[^"]*"[^"]*)*$/, 'a text that begins with `"` ends with one, on the same line; a `"` inside of it is written `\\"`'],
  [/\s#\s*\S/, 'a comment stands on a line of its own; behind a step it is part of its text'],
  [
    /^(?:i |we )?(?:wait|expect|check|verify|assert|ensure|confirm|see|make sure|should see)\b/i,
    'an assertion begins with what it speaks of: `pod catalog eventually Running`, `pod catalog is Ready within 30s`',
  ],
  [/^(?:i |we )?(?:sleep|pause for)\b/i, 'time passes with `30 seconds pass`; `eventually` needs no waiting'],
  [/^(?:i |we )?(?:kubectl|etcdctl)\b/i, 'a command line is run with `I run "kubectl get pods"`'],
  [
    /\b(?:reschedul\w+|(?:moves?|moved|migrates?) to)\b/i,
    'a pod stays on its node, and another takes its place: keep it with `I remember pod db-0 as "before"`, then `pod db-0 does not have the same .spec.nodeName as $before`',
  ],
  [/\blogs?\b.*"/i, 'what a container prints is asked for: `I run "kubectl logs web"`, then `the last command prints "ready"`'],
  [
    /^(?:the )?(?:user|service ?account) .*\b(?:can|cannot|can\'t|may|allowed|permitted|able)\b/i,
    'the API server is asked what somebody may do: `user "ana" can list pods in namespace shop`, `serviceaccount ci cannot delete pods`',
  ],
  [/^(?:the )?(?:service|svc) .*\b(?:answers?|responds?|reachable|accessible|serves?|works?)\b/i, 'somebody asks a service: `pod client reaches service web`'],
  [/^(?:no |all |every |existing |(?:less|fewer|more) than .+ of the |\d+% of the )*(?:requests?|traffic|connections?)\b(?! ")/i, 'requests are those of a traffic, or between two: `traffic "shoppers" loses no request`, `requests to service web lose no request`'],
  [/\bevents?\b/i, 'an Event is about an object, and has a reason: `pod web has event FailedScheduling`, `pod web has event BackOff saying "restarting"`'],
  [/^after \d|\bafter \d+\s*(?:s|m|h|seconds?|minutes?|hours?)$|\blater\b/i, 'time passes in a step of its own: `10 minutes pass`'],
  [/\bimage\b.*\b(?:does not exist|missing|not found|cannot be pulled)\b/i, 'how images behave is told below `image "NAME":`; `missing: true` cannot be pulled'],
  [/^(?:applying|creating|deleting|running|scaling)\b(?! (?:pods?|containers?)\b)/i, 'an action is a step, and its outcome another: `I apply "web.yaml"`, then `the last request fails`'],
  [
    /^(?:i \w+ )?(?:the )?(?:pods|nodes|deployments|services|jobs|[a-z]+sets|control[- ]plane nodes|etcd members|kube-\S+)(?: \S+)??(?:, \S+)*,? and \S+/i,
    'a claim may name several of a kind (`nodes worker-1 and worker-2 are Ready`), or a set (`pods labelled app=web`); what happens happens to one: `node worker-1 goes down`, then `node worker-2 goes down`',
  ],
  [
    /^(?:during|throughout|as long as|meanwhile|until then)\b|\bduring the\b/i,
    'a window has a condition, and stands behind its claim or before it and a comma: `pods stay Running while the control plane is down`; a rollout has one of its own, `during the rollout of deployment web`',
  ],
  [/^(?:i |we )(?:am|are|can|cannot|can't|may)\b/i, 'who may do what is said of somebody: `user "ana" can list pods in namespace shop`, `user "ana" cannot delete pods`'],
  [/^(?:i |we )?evict\b/i, 'what evicts pods is a drain: `I drain node worker-1`, or `kubectl drain` with its flags'],
  [
    /\b(?:takes .+ to (?:become|be|start)|no earlier than|not .+ before \d)/i,
    'how long something takes has two sides: `pod web is never Ready for 20s`, then `pod web is Ready within 10s`',
  ],
  [/\b(?:but|and) not\b|\w,? (?:and|but) (?:(?:the )?\w+ )?[a-z]|^(?:neither|both)\b/i, 'a step says one thing of one subject: say the other in a step of its own, with `And`'],
  [unnamed, 'which one is said by its name, `pod web is Running`, or by what it belongs to: `the pod of deployment web is Running`'],
  [/\bin order\b/i, 'what comes first is said of two: `pod db-0 is Ready before pod db-1 is Running`'],
  [
    new RegExp(
      '^(?:i )?create (?:an? )?(?:statefulset|sts|daemonset|ds|replicaset|pvc|persistentvolume(?:claim)?|pv|ingress|networkpolicy|hpa|horizontalpodautoscaler|'
        + 'pdb|poddisruptionbudget|role\\w*|clusterrole\\w*|resourcequota|limitrange|storageclass|pod that)\\b', 'i'
    ),
    'what has no sentence of its own is applied: `I apply:` with its YAML in a doc string below, or `I apply "FILE"`; what kubectl creates, `I run "kubectl create …"` does',
  ],
  [/^(?:i )?(?:create|apply) .*\bpod\b.*\b(?:that|which|requesting|requests)\b/i, 'what has no sentence of its own is applied: `I apply:` with its YAML in a doc string below, or `I apply "FILE"`'],
  [
    /\b(?:goes|go) down for \d/i,
    'faults that have a way back end by themselves where it is said how long they last: `the control plane goes down for 45 minutes`; a machine `reboots for 5m`',
  ],
  [/^(?:i )?(?:cordon|uncordon|drain|label|taint) (?:all|every|each|both|the) (?:\w+ )?nodes?\b/i, 'a node is named, each in a step of its own: `I cordon node worker-1`, or `I run "kubectl cordon -l KEY=VALUE"`'],
  [/\b(?:than|as) before\b/i, 'what it is compared with is kept by a name: `I remember deployment web as "before"`, then `deployment web has more replicas than $before`'],
  [/\bstatic pod\b/i, 'a static pod is a file on its node: `I put the manifest file "web.yaml" on node worker-1:`, with its YAML in a doc string below'],
  [/\b(?:new|replacement)\b.*\bpods?\b/i, 'a pod that takes the place of another is one more of its owner: `there are 3 pods of deployment web`, `deployment web eventually has 3 ready replicas`'],
  [/^(?:it|its|they|their|this|that)\b|\b(?:all|every|each) its\b/i, 'each step says whom it speaks of: `the last request is rejected`, `pod web is Ready`, `$victim is gone`'],
  [/\b(?:new|old|recreated|replaced)\b/i, 'which one is meant is known by a name: `I delete a pod of deployment web as "old"`, then `$old is eventually gone`'],
  [/^(?:half|most|many|few|several)\b/i, 'how many is a number: `at least 2 pods of deployment web are Ready`'],
  [
    new RegExp(
      '^(?!.*\\b(?:is|are|was|were|eventually|becomes|crashes|fails)\\b)(?:i create )?an? (?:pod|deployment|statefulset|job|persistent ?volume|pv|storage ?class|limit ?range|secret|ingress|service)\\b'
        + '.* (?:with|that|of|and|in)\\b', 'i'
    ),
    'what has no sentence of its own is applied: `I apply:` with its YAML in a doc string below, or `the manifest "web.yaml" is applied`',
  ],
  [
    /^(?:i |we )?(?:kill|stop|break|take down)\b/i,
    'a fault names what it happens to: `kube-scheduler goes down`, `node worker-1 goes down`, `container app in pod catalog crashes`',
  ],
]
export const habitOf = (text: string): string | undefined => upsideDown(text) ?? habits.find(([pattern]) => pattern.test(text))?.[1]
function upsideDown(text: string): string | undefined {
  const [, from, to] = /\bbetween (\d+) and (\d+)\b/i.exec(text) ?? []
  return Number(from) > Number(to) ? `between ${from} and ${to} lies no number: the lesser of them stands first, \`between ${to} and ${from}\`` : undefined
}

const tooMuch = ({ parts, words }: Farthest): string | undefined =>
  parts.length === 1 && parts[0] === 'the end of the sentence' && words.length === 0
    ? 'a step says one thing: what comes behind belongs into a step of its own'
    : undefined

const atTheStart = ['a subject such as `pod catalog`', 'an action such as `I apply "FILE"`', 'what the cluster is, as in `a cluster with 3 nodes`']
const mostShown = 6
/** Names of parts, then words: the nearest if any is near, else the first that are registered. */
function expectedAt({ parts, words }: Farthest, word: { readonly text: string; readonly start: number }): string[] {
  if (word.start === 0) return atTheStart
  const longest = (known: string): number => Math.max(known.length, word.text.length, 1)
  const far = (known: string): number =>
    Math.abs(known.length - word.text.length) > longest(known) / 2 ? 1 : distance(known, word.text.toLowerCase()) / longest(known)
  const near = words.map(known => ({ known, far: far(known) })).filter(w => w.far <= 0.34).sort((a, b) => a.far - b.far)
  const named = parts.slice(0, mostShown - 2)
  const literal = (near.length > 0 ? near.map(n => n.known) : [...words]).map(w => `\`${w}\``)
  const shown = [...named, ...literal.slice(0, mostShown - named.length)]
  return named.length + words.length > shown.length && near.length === 0 ? [...shown, '…'] : shown
}
