import { qualifiedName, validLabelValue } from '../../../runtime-model/api/names.ts'
import { failure, throwAll, usage } from '../errors.ts'
import { bool, text, type Flags } from '../flags.ts'
import { kindsOf } from '../kinds.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { findObjects, forEachFound, type Item } from '../targets.ts'
import { dryRun, output, selectors, validate, type Verb } from '../verb.ts'

interface Taint { readonly key: string; readonly value?: string; readonly effect: string }
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** Taints nodes. Sources: kubectl pkg/cmd/taint/{taint,utils}.go. */
export const taint: Verb = {
  flags: { ...selectors, ...output, ...dryRun, ...validate, all: bool(), overwrite: bool(), 'field-manager': text(undefined, 'kubectl-taint') },
  async run(session, flags, command) {
    const [type, ...rest] = flags.args, first = rest.findIndex(a => /[=:]|-$/.test(a))
    const names = first < 0 ? rest : rest.slice(0, first), specs = first < 0 ? [] : rest.slice(first)
    if (type === undefined || (specs.length > 0 && names.length === 0 && !flags.on('all') && !flags.given('selector'))) {
      throw failure('one or more resources must be specified as <resource> <name>')
    }
    if (specs.length === 0) throw failure('at least one taint update is required')
    const wrong = (message: string): Error => usage(command, message)
    const removed = specs.filter(s => s.endsWith('-')).map(s => removal(s.slice(0, -1), wrong))
    const added = specs.filter(s => !s.endsWith('-')).map(s => addition(s, wrong))
    const twice = added.find((a, i) => added.findIndex(b => b.key === a.key && b.effect === a.effect) < i)
    if (twice) throw wrong(`duplicated taints with the same key and effect: {${twice.key} ${twice.value ?? ''} ${twice.effect} <nil>}`)
    const both = removed.filter(r => added.some(a => a.key === r.key && (!r.effect || r.effect === a.effect)))
    if (both.length > 0) {
      throw failure(`can not both modify and remove the following taint(s) in the same command: ${both.map(r => `${r.key}=${r.effect ?? ''}`).join(',')}`)
    }
    const [strange] = type.includes('/') ? [] : kindsOf(type, session.kinds).filter(k => k.kind !== 'Node')
    if (strange) throw failure(`invalid resource type ${type}, only node types are supported`)
    await forEachFound(await findObjects(session, flags, [type, ...names]), item => one(session, flags, item, added, removed))
  },
}

function addition(spec: string, wrong: (message: string) => Error): Taint {
  const parts = spec.split(':')
  if (parts.length > 2) throw wrong(`invalid taint spec: ${spec}`)
  const [pair, effect = ''] = parts, [key, value, more] = parts.length === 2 ? pair.split('=') : [pair]
  if (more !== undefined) throw wrong(`invalid taint spec: ${spec}`)
  if (value) { const errors = validLabelValue(value); if (errors.length) throw wrong(`invalid taint spec: ${spec}, ${errors.join('; ')}`) }
  const errors = qualifiedName(key)
  if (errors.length) throw wrong(`invalid taint spec: ${spec}, ${errors.join('; ')}`)
  if (parts.length === 1) throw wrong(`invalid taint spec: ${spec}`)
  if (!effects.includes(effect)) throw wrong(`invalid taint effect: ${effect}, unsupported taint effect`)
  return { key, ...value ? { value } : {}, effect }
}
function removal(spec: string, wrong: (message: string) => Error): { readonly key: string; readonly effect?: string } {
  const [pair, effect] = spec.split(':')
  if (effect !== undefined && !effects.includes(effect)) throw wrong(`invalid taint effect: ${effect}, unsupported taint effect`)
  return { key: pair.split('=')[0], effect }
}

async function one(
  session: Session, flags: Flags, { kind, name, object }: Item, added: readonly Taint[], removed: readonly { readonly key: string; readonly effect?: string }[]
): Promise<void> {
  const old: readonly Taint[] = object.spec?.taints ?? [], mode = dryRunOf(flags)
  const taken = added.filter(a => old.some(o => o.key === a.key && o.effect === a.effect))
  if (!flags.on('overwrite') && taken.length > 0) {
    throw failure(`node ${name} already has ${taken.map(t => t.key).join(',')} taint(s) with same effect(s) and --overwrite is false`)
  }
  const missing = removed.filter(r => !old.some(o => o.key === r.key && (!r.effect || o.effect === r.effect)))
  throwAll(missing.map(r => failure(`taint ${JSON.stringify(r.effect ? `${r.key}:${r.effect}` : r.key)} not found`)))
  const fresh = [...added, ...old.filter(o => !added.some(a => a.key === o.key && a.effect === o.effect))].filter(o =>
    !removed.some(r => r.key === o.key && (!r.effect || r.effect === o.effect)))
  const taints = fresh.length === 0 ? null : fresh
  const done = mode === 'client'
    ? object
    : await session.send({
      verb: 'patch', ...session.of(kind), name, body: { spec: { taints } }, patchType: 'application/strategic-merge-patch+json', fieldManager: 'kubectl-taint',
      fieldValidation: 'Strict', ...mode === 'server' ? { dryRun: true } : {},
    })
  const operation = flags.on('overwrite') || (added.length > 0 && removed.length > 0) ? 'modified' : added.length === 0 ? 'untainted' : 'tainted'
  printDone(session, flags, { kind, object: done }, operation)
}
