import type { TemporalPlan, Truth } from '../../src/assertions/temporal.ts'

export interface TraceMoment { readonly at: number; readonly conditions: readonly boolean[]; readonly truth: Truth }
export type Kind = 'holds' | 'violated' | 'vacuous'

interface Window { readonly from: number; readonly moments: readonly TraceMoment[]; readonly closeAt: number }

/** What an assertion comes to by its definition, looking at the whole trace at once (the trace stays as it ends for ever). */
export function naive(plan: TemporalPlan, trace: readonly TraceMoment[]): Kind {
  const patience = Math.max(plan.deadlineMs, plan.observeMs, plan.withinMs ?? 0, plan.forMs ?? 0)
  const all = windowsOf(plan, trace), past = all.filter(w => w.from <= plan.startedAt)
  const window = past.at(-1) ?? all.find(w => w.from <= plan.startedAt + patience)
  if (!window) return 'vacuous'
  const needsEnd = plan.gates.includes('until') || plan.gates.includes('before')
  const limit = Math.max(plan.startedAt, window.from) + patience
  const came = window.closeAt <= limit
  const seen = needsEnd && !came ? { ...window, moments: window.moments.filter(m => m.at <= limit), closeAt: Infinity } : window
  const verdict = within(plan, seen)
  if (!needsEnd || came) return verdict
  if (verdict === 'violated' && definite(plan, seen, limit)) return 'violated'
  return plan.gates.includes('until') ? 'violated' : 'vacuous'
}

function windowsOf(plan: TemporalPlan, trace: readonly TraceMoment[]): Window[] {
  const { opens, open } = openings(plan, trace.map(m => m.conditions), i => trace[i].at <= plan.startedAt)
  return opens.map(i => {
    let end = i
    while (end < trace.length && open[end]) end++
    return { from: trace[i].at, moments: trace.slice(i, end), closeAt: trace[end]?.at ?? Infinity }
  })
}
/** At which moments a window opens (or, in the past, begins anew because the condition of an `after` comes again), and at which it is open. */
export function openings({ gates, modality }: Pick<TemporalPlan, 'gates' | 'modality'>, met: readonly (readonly boolean[])[], isPast: (i: number) => boolean): {
  readonly opens: readonly number[]; readonly open: readonly boolean[]
} {
  const comes = (gate: number, i: number): boolean => met[i][gate] && i > 0 && !met[i - 1][gate]
  // what has been so from the first, and is no more at the present, has to come
  const present = met.findLastIndex((_, i) => isPast(i))
  const over = (gate: number): boolean => met[0][gate] && !met[present]?.[gate] && !met.slice(0, present + 1).some((_, k) => comes(gate, k))
  const open = met.map((now, i) => gates.every((gate, g) => gate === 'while' ? now[g] : gate !== 'after' ? !now[g]
    : met.slice(0, i + 1).some((m, k) => over(g) ? comes(g, k) : m[g])))
  const isAnew = (i: number): boolean => isPast(i) && gates.some((gate, g) => {
    if (gate !== 'after' || !comes(g, i)) return false
    const before = met.map((_, k) => k).filter(k => k < i && comes(g, k))
    return modality === 'eventually' || (met[0][g] && before.length === 0)
  })
  return { open, opens: met.flatMap((_, i) => open[i] && (!open[i - 1] || isAnew(i)) ? [i] : []) }
}

function within(plan: TemporalPlan, window: Window): Kind {
  const lasting = plan.modality === 'always' || plan.modality === 'never' || (plan.modality === 'now' && plan.gates.some(g => g === 'while' || g === 'until'))
  if (lasting) return throughout(plan, window)
  return plan.modality === 'eventually' ? eventually(plan, window) : once(plan, window)
}
function throughout(plan: TemporalPlan, { from, moments, closeAt }: Window): Kind {
  const ends = plan.gates.includes('until') || plan.gates.includes('before')
  const end = plan.forMs !== undefined ? from + plan.forMs : ends ? Infinity : Math.max(plan.startedAt, from) + plan.observeMs
  const watched = moments.filter(m => m.at <= end)
  if (watched.some(m => m.truth === (plan.modality === 'never' ? 'holds' : 'fails'))) return 'violated'
  // of no length at all
  if (closeAt <= from || end <= from) return 'vacuous'
  if (closeAt < end && plan.forMs !== undefined) return 'vacuous'
  return watched.every(m => m.truth === 'empty') ? 'vacuous' : 'holds'
}
function eventually(plan: TemporalPlan, { from, moments, closeAt }: Window): Kind {
  const deadline = plan.withinMs !== undefined ? from + plan.withinMs : Math.max(plan.startedAt, from) + plan.deadlineMs, stays = plan.staysMs ?? 0
  for (const [i, m] of moments.entries()) {
    if (m.truth !== 'holds' || moments[i - 1]?.truth === 'holds' || m.at > deadline) continue
    const breaks = moments.slice(i).find(later => later.truth !== 'holds')?.at ?? Infinity
    if (stays === 0 || (breaks > m.at + stays && closeAt > m.at + stays)) return 'holds'
  }
  return looked(moments, deadline).every(m => m.truth === 'empty') ? 'vacuous' : 'violated'
}
/** Moments that are looked at: to the deadline, and on while a streak that began before it lasts. */
function looked(moments: readonly TraceMoment[], deadline: number): readonly TraceMoment[] {
  let on = true
  return moments.filter((m, i) => on &&= m.at <= deadline || moments[i - 1]?.truth === 'holds')
}
function once(plan: TemporalPlan, { from, moments }: Window): Kind {
  const at = Math.max(from, plan.startedAt)
  // once it has come in the future: at that very moment
  const moment = plan.gates.includes('before') ? moments.at(-1) : from > plan.startedAt ? moments[0] : moments.filter(m => m.at <= at).at(-1)
  return moment === undefined || moment.truth === 'empty' ? 'vacuous' : moment.truth === 'holds' ? 'holds' : 'violated'
}
/** Is it violated whatever comes later? Then nobody waits for the end of the window. */
function definite(plan: TemporalPlan, window: Window, limit: number): boolean {
  if (plan.modality === 'eventually') {
    const deadline = plan.withinMs !== undefined ? window.from + plan.withinMs : Math.max(plan.startedAt, window.from) + plan.deadlineMs
    return deadline <= limit
  }
  return !(plan.modality === 'now' && !plan.gates.some(g => g === 'while' || g === 'until'))
}
