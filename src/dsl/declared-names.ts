import { diagnostic } from '../base/diagnostic.ts'
import type { BoundStep } from './bind.ts'
import type { AssertionAst, ConditionAst, SentenceAst, StepAst, SubjectAst } from './step-ast.ts'

/** Names that steps speak of, held against what the other steps of the scenario say. */
export const heldAgainstOthers = (steps: readonly BoundStep[], file: string): readonly BoundStep[] => markUnheard(checkUsers(steps, file))

/** users that a cluster has without anybody's doing (https://kubernetes.io/docs/reference/access-authn-authz/authentication/) */
const builtIn = /^(?:system:|kubernetes-admin$)/
/** All that a step says besides its sentence. */
const below = ({ argument: { docString, table } }: BoundStep): string => `${docString?.content ?? ''}\n${table?.flat().join('\n') ?? ''}`

/** `as user "ana"` acts for somebody whom an earlier step has declared, or whom a binding of rights names; nobody else is more than a slip of the pen. */
function checkUsers(steps: readonly BoundStep[], file: string): readonly BoundStep[] {
  if (!steps.some(({ ast }) => asWhom(ast) !== undefined)) return steps
  const declared: string[] = []
  return steps.map((step, i) => {
    if (step.definition === 'user' && step.ast?.type === 'world') declared.push(String(step.ast.phrase.args.name))
    const user = asWhom(step.ast)
    if (user === undefined || builtIn.test(user) || declared.includes(user)) return step
    const others = steps.filter((_, at) => at !== i), named = new RegExp(`--(?:user|as)[= ]"?'?${escaped(user)}\\b`)
    if (others.some(s => below(s).includes(user) || named.test(s.text) || givesGroups(s.ast, user))) return step
    const shown = step.text.includes(`"${user}"`) ? `"${user}"` : user, start = step.text.indexOf(shown), { ast: _, definition: __, ...rest } = step
    const problem = diagnostic({
      code: 'user-unknown', message: `no earlier step declares a user \`${user}\``, file,
      span: { line: step.line, column: step.column + start, endColumn: step.column + start + shown.length },
      help: `say \`user "${user}"\` before (or \`as an unknown client\`, who has no credentials at all)`,
      ...(declared.length > 0 ? { suggestions: [...declared] } : {}),
    })
    return { ...rest, diagnostics: [...step.diagnostics, problem] }
  })
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** Whose name is taken for granted: the step does not say itself in which groups it is. */
function asWhom(ast: StepAst | undefined): string | undefined {
  if (ast?.type === 'sentence' && ofAccess.has(ast.phrase.definition)) return ast.phrase.args.user as string | undefined
  const as = ast?.type !== 'assertion' ? ast?.as : undefined
  return as && !as.anonymous && as.groups.length === 0 ? as.user : undefined
}
const givesGroups = (ast: StepAst | undefined, user: string): boolean =>
  ast !== undefined && ast.type !== 'assertion' && ast.as?.user === user && ast.as.groups.length > 0

/** sentences about what a user may do: nobody but the declared ones is meant */
const ofAccess = new Set(['may', 'may-not'])
/** sentences of their own that hold of what is not there */
const ofAbsence = new Set(['stuck-stage', 'may-not'])
const ofExistence = /\b(?:gone|absent|deleted|disappears?|present|exists?|there)\b/i
/**
 * `pod catalgo is gone` holds of every name that nobody has ever had. An object whose absence is claimed (or told of, as a stuck stage, or of whom something
 * is forbidden) and which no other step of the scenario may bring is marked; whether the cluster has heard of it, the run knows (assertions/mentions.ts).
 */
function markUnheard(steps: readonly BoundStep[]): readonly BoundStep[] {
  const speaks = (step: BoundStep): boolean => step.ast?.type === 'assertion' ? ofExistence.test(step.text) : ofAbsence.has(step.definition ?? '')
  if (!steps.some(speaks)) return steps
  return steps.map((step, i) => {
    if (!step.ast || !speaks(step)) return step
    const said = steps.filter((_, at) => at !== i).map(broughtBy).join('\n')
    const mark = (subject: SubjectAst): SubjectAst =>
      subject.type === 'object' && !(heard(subject.name, said) && heardOf(subject.namespace, said)) ? { ...subject, unheard: true } : subject
    const ast = step.ast.type === 'assertion' ? marked(step.ast, mark) : markedSentence(step.ast, mark)
    return ast === step.ast ? step : { ...step, ast }
  })
}
/** verbs of kubectl that look at objects, change or remove them, and bring none */
const bringsNone = /^\s*kubectl\s(?:.*\s)?(?:get|describe|delete|wait|logs|exec|label|annotate|scale|patch|edit|top|events|attach|cp|port-forward|rollout)\s/
/** What a step says that may bring an object: another claim about it, or its removal, does not. */
function broughtBy(step: BoundStep): string {
  if (step.ast?.type === 'assertion' || step.definition === 'delete') return ''
  const command = step.definition === 'run' && step.ast?.type === 'action' ? String(step.ast.phrase.args.command) : undefined
  if (command === undefined && step.definition !== 'run-lines') return `${step.text}\n${below(step)}`
  const lines = command === undefined ? below(step).split('\n') : [command]
  return lines.filter(line => !bringsNone.test(line)).join('\n')
}
function marked(ast: AssertionAst, mark: (subject: SubjectAst) => SubjectAst): AssertionAst {
  const subject = mark(ast.subject)
  const windows = ast.windows.map(w => ({ ...w, condition: { ...w.condition, subject: mark(w.condition.subject) } satisfies ConditionAst }))
  return subject === ast.subject && windows.every((w, i) => w.condition.subject === ast.windows[i].condition.subject) ? ast : { ...ast, subject, windows }
}
function markedSentence(ast: SentenceAst, mark: (subject: SubjectAst) => SubjectAst): SentenceAst {
  const { what } = ast.phrase.args as { readonly what?: SubjectAst }, subject = what && mark(what)
  return subject === what ? ast : { ...ast, phrase: { ...ast.phrase, args: { ...ast.phrase.args, what: subject } } }
}
/** `deployment web in namespace kube-system is gone` is about none that other steps put anywhere else. */
const heardOf = (namespace: string | undefined, said: string): boolean => namespace === undefined || namespace === 'default' || said.includes(namespace)
/** Said as it is, or made of a name that is: `web-5d4f8c7b9-x2x4z` and `data-db-0` of web, data and db. */
function heard(name: string, said: string): boolean {
  if (said.includes(name)) return true
  const made = /^(.+?)(?:-\d+|-[a-z0-9]{5,10}(?:-[a-z0-9]{5})?)$/.exec(name)
  return made !== null && made[1].split('-').every(part => said.includes(part))
}
