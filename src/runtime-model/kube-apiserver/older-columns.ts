import { podSummary, type KindDefinition } from '../kinds/index.ts'
import { minorOf } from './older-versions.ts'
import type { ServerOptions } from './state.ts'

/**
 * Rows as an API server before 1.35 writes them: ServiceAccounts count their Secrets, and of a pod one container of which has failed and one has completed
 * others that run are told. Source: pkg/printers/internalversion/printers.go (printServiceAccount, printPod) at 1.34.
 */
export function asPrinted(options: ServerOptions, kind: KindDefinition): KindDefinition {
  const minor = minorOf(options), older = minor < 35 ? before135[kind.resource] : undefined
  return older === undefined || kind.group !== '' ? kind : older(kind, minor)
}

const before135: Readonly<Record<string, (kind: KindDefinition, minor: number) => KindDefinition>> = {
  serviceaccounts: kind => ({
    ...kind, columns: inserted(kind.columns, { name: 'Secrets', type: 'string', priority: 0 }),
    cells: (account, nowMs) => inserted(kind.cells(account, nowMs), account.secrets?.length ?? 0),
  }),
  pods: (kind, minor) => ({
    ...kind, cells: (pod, nowMs) => kind.cells(pod, nowMs).map((cell, i) => i === statusColumn ? podSummary(pod, minor).word : cell),
  }),
}
const statusColumn = 2
/** after the first, the name */
const inserted = <T>([name, ...others]: readonly T[], item: T): readonly T[] => [name, item, ...others]
