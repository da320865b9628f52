import { failure, throwAll } from '../errors.ts'
import { bool, duration, int, text } from '../flags.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { findObjects, type Item } from '../targets.ts'
import { dryRun, files, output, record, selectors, type Verb } from '../verb.ts'
import type { Session } from '../session.ts'
import type { Flags } from '../flags.ts'
import { recordAfterwards } from '../change-cause.ts'
import { follow } from '../waiting.ts'

/** Sets the number of replicas. Sources: kubectl pkg/cmd/scale/scale.go, pkg/scale/scale.go. */
export const scale: Verb = {
  flags: {
    ...files, ...selectors, ...output, ...dryRun, all: bool(), replicas: int(), 'current-replicas': int('-1'), 'resource-version': text(),
    timeout: duration('0s'), ...record,
  },
  async run(session, flags, command) {
    if (!flags.given('replicas')) throw failure('required flag(s) "replicas" not set')
    if (flags.int('replicas') < 0) throw failure(`The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0`)
    const { items, errors } = await findObjects(session, flags, flags.args)
    if (items.length === 0 && errors.length === 0) throw failure('no objects passed to scale')
    // the first that cannot be scaled ends it
    for (const item of items) await scaleOne(session, flags, item, command)
    throwAll(errors)
  },
}

async function scaleOne(session: Session, flags: Flags, item: Item, command: string): Promise<void> {
  const { kind, name, namespace, object } = item, replicas = flags.int('replicas'), expected = flags.int('current-replicas'), mode = dryRunOf(flags)
  const at = { ...session.of(kind, namespace ?? session.namespace), name, subresource: 'scale' }, dry = mode === 'server' ? { dryRun: true } : {}
  if (mode !== 'client') {
    if (expected >= 0 || flags.given('resource-version')) {
      const now = await session.send({ verb: 'get', ...at })
      if (expected >= 0 && (now.spec.replicas ?? 0) !== expected) throw failure(`Expected replicas to be ${expected}, was ${now.spec.replicas ?? 0}`)
      if (flags.given('resource-version') && now.metadata.resourceVersion !== flags.text('resource-version')) {
        throw failure(`Expected resource version to be ${flags.text('resource-version')}, was ${now.metadata.resourceVersion}`)
      }
      await session.send({ verb: 'update', ...at, body: { ...now, spec: { ...now.spec, replicas } }, ...dry })
    } else await session.send({ verb: 'patch', ...at, body: { spec: { replicas } }, patchType: 'application/merge-patch+json', ...dry })
  }
  if (mode !== 'client') await recordAfterwards(session, flags, command, item)
  printDone(session, flags, { kind, object }, 'scaled', mode)
  const ms = flags.duration('timeout')
  const reached = (o: any): boolean =>
    o?.spec?.replicas === replicas && (o.status?.replicas ?? 0) === replicas && (o.status?.observedGeneration ?? 0) >= o.metadata.generation
  if (ms === 0 || mode !== 'none') return
  const seen = await session.get(kind, name, namespace)
  if (!reached(seen) && await follow(session, kind, namespace, name, seen, ms, reached) === 'timeout') throw failure('timed out waiting for the condition')
}
