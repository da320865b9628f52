import type { ConditionAst, ModalityAst, PredicateAst, StepAst, SubjectAst } from '../../src/dsl/step-ast.ts'

/** An AST in one line, for tables of expectations. */
export function summary(ast: StepAst): string {
  if (ast.type !== 'assertion') {
    const as = ast.as ? ` as ${ast.as.user}[${ast.as.groups}]` : ''
    return `${ast.type} ${ast.phrase.definition}(${args(ast.phrase.args)})${as}${ast.bind ? ` → $${ast.bind}` : ''}`
  }
  const windows = ast.windows.map(w => ` ${w.type} (${condition(w.condition)})`).join('')
  return `${subject(ast.subject)} · ${modality(ast.modality)} · ${predicate(ast.predicate)}${windows}${ast.and ? ` and ${predicate(ast.and.predicate)}` : ''}`
}

const condition = (c: ConditionAst): string => `${subject(c.subject)} · ${predicate(c.predicate)}`
const predicate = (p: PredicateAst): string => `${p.negated ? 'not ' : ''}${p.definition}(${args(p.args)})${p.truth ? ` @${p.truth}` : ''}`
const args = (all: Readonly<Record<string, unknown>>): string => Object.values(all).map(shown).join(', ')

function shown(value: any): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if ('comparison' in value) return `${value.comparison === 'exactly' ? '' : `${value.comparison} `}${value.count}`
  if ('binding' in value) return `$${value.binding}`
  return subject(value)
}

function modality(m: ModalityAst): string {
  if (m.type === 'now') return 'now'
  if (m.type === 'eventually')
    return `eventually${m.withinMs === undefined ? '' : ` within ${m.withinMs}`}${m.staysMs === undefined ? '' : ` stays ${m.staysMs}`}`
  return `${m.type}${m.forMs === undefined ? '' : ` for ${m.forMs}`}${m.past ? ' so far' : ''}`
}

export function subject(s: SubjectAst): string {
  if (s.type === 'object') return `${s.kind} ${s.namespace ? `${s.namespace}/` : ''}${s.name}`
  if (s.type === 'binding') return `$${s.name}`
  if (s.type === 'component') return `${s.component}${s.member ? ` ${s.member}` : ''}${s.node ? ` on ${s.node}` : ''}${(s.or ?? []).map(other => ` or ${other}`).join('')}`
  if (s.type === 'container') return `container ${s.container} of ${subject(s.pod)}`
  if (s.type === 'file') return `file ${s.path} in ${subject(s.container)}`
  if (s.type === 'outcome') return s.description === undefined ? s.of : `request ${s.description}`
  if (s.type === 'traffic')
    return `traffic ${[s.name, s.from && `from ${subject(s.from)}`, s.to && `to ${subject(s.to)}`].filter(x => x).join(' ')}`
  const r = s.refinements
  const narrowed = [
    r.owner && `of ${(r.owners ?? [r.owner]).map(subject).join(', ')}`,
    r.selector && `[${r.selector}]`,
    r.node && `on ${typeof r.node === 'string' ? r.node : subject(r.node)}`,
    r.running && 'running',
    s.scope.type !== 'default' && `in ${s.scope.type === 'named' ? s.scope.namespace : 'any'}`,
  ]
  const quantity = s.quantifier.type === 'every' ? (s.all ? 'all' : 'every') : `${s.quantifier.strict ? 'fewer than' : s.quantifier.comparison} ${s.quantifier.count}${s.quantifier.percent ? '%' : ''}`
  return ['set', quantity, s.kind, ...narrowed.filter(x => x)].join(' ')
}
