import type { KindDefinition } from '../../../runtime-model/kinds/kind.ts'
import { NotModelled } from '../../errors.ts'
import { failure, throwAll } from '../errors.ts'
import { bool, list, text } from '../flags.ts'
import { lastAppliedHead, rounds } from '../editor/rounds.ts'
import { nameOf } from '../kinds.ts'
import { readManifests } from '../manifests.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { indentedJson } from '../printers/json.ts'
import { toYaml } from '../printers/yaml.ts'
import { findObjects } from '../targets.ts'
import { dryRun, files, output, selectors, validate, validation, type Verb } from '../verb.ts'
import { checkOutput, contentOf, readEdited } from './edit.ts'
import { LAST_APPLIED, lastAppliedText, withLastApplied } from './last-applied.ts'

/** Shows what was applied last; of what nobody applied it complains only if a file names it. Source: kubectl pkg/cmd/apply/apply_view_last_applied.go. */
export const viewLastApplied: Verb = {
  flags: { ...files, ...selectors, output: text('o', 'yaml'), all: bool() },
  async run(session, flags) {
    if (!['yaml', 'json'].includes(flags.text('output'))) {
      throw failure(
        `Unexpected -o output mode: ${flags.text('output')}, the flag 'output' must be one of yaml|json\nSee 'kubectl apply view-last-applied -h' for help and examples`
      )
    }
    const { items, errors } = await findObjects(session, flags, flags.args)
    throwAll(errors)
    const shown = items.map(({ object, name, source }) => {
      const last = object.metadata.annotations?.[LAST_APPLIED]
      if (last === undefined && source !== undefined) {
        throw failure(`error when no last-applied-configuration annotation found on resource: ${name}\n ${JSON.stringify(source)}: <nil>`)
      }
      return last === undefined ? '' : flags.text('output') === 'json' ? indentedJson(last) : toYaml(JSON.parse(last))
    })
    session.stdout += shown.join('')
  },
}

/** Source: kubectl pkg/cmd/apply/apply_edit_last_applied.go. */
export const editLastApplied: Verb = {
  flags: { ...files, ...output, ...validate, 'field-manager': text(undefined, 'kubectl-client-side-apply'), 'windows-line-endings': bool() },
  async run(session, flags, command) {
    checkOutput(flags)
    const { items, errors } = await findObjects(session, flags, flags.args)
    throwAll(errors)
    if (items.every(i => i.object.metadata.annotations?.[LAST_APPLIED] === undefined)) {
      throw failure(
        'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`'
      )
    }
    if (items.length !== 1 || flags.on('windows-line-endings')) throw new NotModelled(`${command} of several objects, or with --windows-line-endings`)
    const [item] = items, { kind, name, namespace } = item, old = JSON.parse(item.object.metadata.annotations[LAST_APPLIED])
    await rounds(session, contentOf([{ kind, object: old }], flags), flags.text('output') === 'json', async edited => {
      const read = readEdited(edited, item)
      if ('wrong' in read) return read.wrong
      const [object] = read.objects, annotation = withLastApplied(object).metadata.annotations[LAST_APPLIED]
      await session.send({
        verb: 'patch', ...session.of(kind, namespace), name, body: { metadata: { annotations: { [LAST_APPLIED]: annotation } } },
        patchType: 'application/merge-patch+json', fieldManager: flags.text('field-manager'), fieldValidation: validation(flags),
      })
      if (flags.given('output')) printDone(session, flags, { kind, object }, '')
      else session.print(`${nameOf(kind, name)} edited`)
      return undefined
    }, lastAppliedHead)
  },
}

interface Unlike {
  readonly kind: KindDefinition; readonly name: string; readonly namespace: string | undefined; readonly current: any
  /** what the annotation is to say */
  readonly fresh: string
}
/** Writes a manifest into the annotation and changes nothing else. Source: kubectl pkg/cmd/apply/apply_set_last_applied.go. */
export const setLastApplied: Verb = {
  flags: { filename: list('f'), ...output, ...dryRun, 'create-annotation': bool() },
  async run(session, flags) {
    const { manifests, errors } = readManifests(session, flags), mode = dryRunOf(flags)
    throwAll(errors)
    if (manifests.length === 0) throw failure('must specify one of -f and -k')
    const found: Unlike[] = []
    for (const { kind, namespace, name = '', object } of manifests) {
      const current = await session.get(kind, name, namespace), old = current.metadata.annotations?.[LAST_APPLIED]
      if (old === undefined && !flags.on('create-annotation')) {
        throw failure(`no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`)
      }
      const fresh = lastAppliedText(object)
      if (old === fresh) session.print(`set-last-applied ${name}: no changes required.`)
      else found.push({ kind, name, namespace, current, fresh })
    }
    for (const { kind, name, namespace, current, fresh } of found) {
      const patched = mode === 'client'
        ? current
        : await session.send({
          verb: 'patch', ...session.of(kind, namespace), name, body: { metadata: { annotations: { [LAST_APPLIED]: fresh } } },
          patchType: 'application/merge-patch+json', fieldManager: 'kubectl-last-applied', ...mode === 'server' ? { dryRun: true } : {},
        })
      printDone(session, flags, { kind, object: patched }, 'configured', mode)
    }
  },
}
