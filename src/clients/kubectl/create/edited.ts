import { NotModelled } from '../../errors.ts'
import { kept, rounds, type Reopened } from '../editor/rounds.ts'
import { ApiError, explain, throwAll } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { kindOfObject } from '../kinds.ts'
import { readManifests } from '../manifests.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { validation } from '../verb.ts'
import { withLastApplied } from '../verbs/last-applied.ts'
import { checkOutput, contentOf, readEdited } from '../verbs/edit.ts'

/**
 * `create --edit`: what is made is what an editor leaves of the manifest; unchanged, it is not made. Source: kubectl pkg/cmd/create/create.go
 * (RunEditOnCreate).
 */
export async function createEdited(session: Session, flags: Flags): Promise<void> {
  checkOutput(flags)
  if (dryRunOf(flags) !== 'none' || flags.given('selector') || flags.given('validate')) {
    throw new NotModelled('kubectl create --edit with --dry-run, --selector or --validate')
  }
  const { manifests, errors } = readManifests(session, flags)
  throwAll(errors)
  const [first] = manifests, at = { kind: first.kind, name: first.name ?? '' }
  await rounds(session, contentOf(manifests, flags), flags.text('output') === 'json', async (edited): Promise<Reopened | undefined> => {
    const read = readEdited(edited, at)
    if ('wrong' in read) return read.wrong
    for (const object of read.objects) {
      const kind = kindOfObject(object, session.kinds)
      if (!kind) return { about: '', causes: [], silent: true }
      const namespace = kind.namespaced ? object.metadata?.namespace ?? session.namespace : undefined
      try {
        const made = await session.send({
          verb: 'create', ...session.of(kind, namespace), body: flags.on('save-config') ? withLastApplied(object) : object,
          fieldManager: flags.text('field-manager'), fieldValidation: validation(flags),
        })
        printDone(session, flags, { kind, object: made }, 'created')
      } catch (error) {
        if (!(error instanceof ApiError) || error.response.code === 0) throw error
        throw kept(session, explain(error).stderr)
      }
    }
    return undefined
  })
}
