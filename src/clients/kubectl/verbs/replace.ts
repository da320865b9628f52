import { isOk } from '../../../runtime-model/api/request.ts'
import { ApiError, asOneBeside, failure, throwAll } from '../errors.ts'
import { bool, duration, int, optional, situational, text } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { dryRun, files, output, validate, validation, type Verb } from '../verb.ts'
import { withLastApplied } from './last-applied.ts'
import { FOREVER_MS } from '../waiting.ts'
import { attempt, noOpenApi } from './apply.ts'
import { deleteOne, waitFor } from './delete.ts'

/** Puts objects in the place of others. Sources: kubectl pkg/cmd/replace/replace.go, cli-runtime resource/helper.go. */
export const replace: Verb = {
  flags: {
    ...files, ...output, ...dryRun, ...validate, force: bool(), cascade: situational(optional('background', 'background')),
    'grace-period': situational(int('-1')),
    timeout: situational(duration('0s')), wait: situational(bool()), 'save-config': bool(), subresource: text(),
    'field-manager': text(undefined, 'kubectl-replace'), raw: text(),
  },
  async run(session, flags) {
    if (!flags.given('filename') && !flags.given('kustomize')) throw failure('must specify one of -f and -k')
    if (flags.given('raw')) return (await import('./raw.ts')).writeRaw(session, flags, 'update')
    if (flags.int('grace-period') >= 0 && !flags.on('force')) throw failure('--grace-period must have --force specified')
    if (flags.duration('timeout') !== 0 && !flags.on('force')) throw failure('--timeout must have --force specified')
    const mode = dryRunOf(flags), { manifests, errors } = readManifests(session, flags), failed: unknown[] = []
    for (const { kind, object: given, namespace, source } of manifests) {
      const object = flags.on('save-config') ? withLastApplied(given) : given
      if (!object.metadata?.name) { failed.push(failure(`error when replacing ${JSON.stringify(source)}: resource name may not be empty`)); continue }
      const at = session.of(kind, namespace), name: string = object.metadata?.name ?? '', dry = mode === 'server' ? { dryRun: true } : {}
      const subresource = flags.text('subresource') ? { subresource: flags.text('subresource') } : {}
      try {
        if (flags.on('force')) {
          const old = await session.ask({ verb: 'get', ...at, name })
          if (isOk(old)) {
            await waitFor(
              session,
              await deleteOne(
                session, flags, { kind, namespace, name },
                { propagationPolicy: 'Background', force: false, ...flags.int('grace-period') >= 0 ? { gracePeriodSeconds: flags.int('grace-period') } : {} },
                mode
              ),
              flags.duration('timeout') || FOREVER_MS
            )
          }
          const made = await session.send({ verb: 'create', ...at, body: object, fieldManager: 'kubectl-replace', fieldValidation: validation(flags) })
          printDone(session, flags, { kind, object: made }, 'replaced', mode)
          continue
        }
        const current = await session.ask({ verb: 'get', ...at, name })
        if (current.code === 0 && current.failure === 'refused') throw noOpenApi(source)
        const version = object.metadata?.resourceVersion ?? current.body?.metadata?.resourceVersion
        const body = version && isOk(current) ? { ...object, metadata: { ...object.metadata, resourceVersion: version } } : object
        const made = mode === 'client'
          ? body
          : await attempt(
            session,
            { verb: 'update', ...at, name, body, fieldManager: flags.text('field-manager'), fieldValidation: validation(flags), ...dry, ...subresource },
            `replacing ${JSON.stringify(source)}`
          )
        printDone(session, flags, { kind, object: made }, 'replaced', mode)
      } catch (error) { if (error instanceof ApiError && error.response.code === 0) throw error; failed.push(error) }
    }
    throwAll([...failed, ...asOneBeside(failed, errors)])
  },
}
