import type { Flags } from './flags.ts'
import type { Session } from './session.ts'
import type { Item } from './targets.ts'

/** The annotation that `--record` writes. Source: cli-runtime genericclioptions/record_flags.go */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause'
/** The command line as it is recorded: its flags come last. Source: kubectl pkg/cmd/util (parseCommandArguments) */
export const changeCause = (command: string, flags: Flags): string =>
  [command, ...flags.args, ...flags.typed().map(([name, value]) => `--${name}=${value}`)].join(' ')
/** …on the object; the same without `--record` */
export function recorded(object: any, command: string, flags: Flags): any {
  if (!flags.on('record')) return object
  const { metadata } = object
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [CHANGE_CAUSE]: changeCause(command, flags) } } }
}
/** A patch of its own, behind what the command has changed; that it is refused is not told. Source: record_flags.go (MakeRecordMergePatch) */
export async function recordAfterwards(
  session: Session, flags: Flags, command: string, { kind, namespace, name }: Pick<Item, 'kind' | 'namespace' | 'name'>
): Promise<void> {
  if (!flags.on('record')) return
  await session.ask({
    verb: 'patch', ...session.of(kind, namespace ?? session.namespace), name, patchType: 'application/merge-patch+json',
    body: { metadata: { annotations: { [CHANGE_CAUSE]: changeCause(command, flags) } } },
  })
}
