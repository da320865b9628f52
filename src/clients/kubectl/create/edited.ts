import { NotModelled } from '../../errors.ts'
import { kept, rounds, type Reopened } from '../editor/rounds.ts'
import { ApiError, explain, throwAll } from '../errors.ts'
import type { Flags } from '../flags.ts'
import { kindOfObject } from '../kinds.ts'
import { readEach, type Manifest } from '../manifests.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { validation } from '../verb.ts'
import { withLastApplied } from '../verbs/last-applied.ts'
import { checkOutput, contentOf, readEdited } from '../verbs/edit.ts'

/**
 * `create --edit`: what is made of each object is what an editor leaves of it; unchanged, it is not made. That it is only to be tried, or which of a file's
 * objects are meant, is not heeded. Source: kubectl pkg/cmd/create/create.go (RunEditOnCreate), util/editor/editoptions.go (EditBeforeCreateMode).
 */
export async function createEdited(session: Session, flags: Flags): Promise<void> {
  checkOutput(flags)
  const failed: unknown[] = []
  // a value that there is not is refused all the same
  dryRunOf(flags)
  flags.passOver('selector')
  for (const manifest of readEach(session, flags, undefined, '')) {
    try {
      if ('error' in manifest) throw manifest.error
      await one(session, flags, manifest)
    } catch (error) {
      if (error instanceof NotModelled || error instanceof ApiError) throw error
      failed.push(error)
    }
  }
  throwAll(failed)
}

async function one(session: Session, flags: Flags, manifest: Manifest): Promise<void> {
  const at = { kind: manifest.kind, name: manifest.name ?? '' }
  await rounds(session, contentOf([manifest], flags), flags.text('output') === 'json', async (edited): Promise<Reopened | undefined> => {
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
