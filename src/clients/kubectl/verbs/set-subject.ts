import { failure, throwAll } from '../errors.ts'
import { array, type FlagTable } from '../flags.ts'
import { same } from '../patch/strategic.ts'
import { dryRunOf, printDone, printerOf } from '../printers/index.ts'
import { findObjects } from '../targets.ts'
import type { Verb } from '../verb.ts'

const group = 'rbac.authorization.k8s.io'

/** Adds to whom a binding gives its role. Source: kubectl pkg/cmd/set/set_subject.go. */
export const setSubject = (common: FlagTable): Verb => ({
  flags: { ...common, user: array(), group: array(), serviceaccount: array() },
  async run(session, flags) {
    printerOf(flags)
    const { items, errors } = await findObjects(session, flags, flags.args), mode = dryRunOf(flags), failed: unknown[] = [...errors]
    if (failed.length > 0 && items.length === 0) throwAll(failed)
    const named = (kind: string, flag: string): any[] => [...new Set(flags.list(flag))].sort().map(name => ({ kind, apiGroup: group, name }))
    const accounts = flags.list('serviceaccount').map(account => {
      const [namespace, name, more] = account.split(':')
      if (!namespace || !name || more !== undefined) throw failure('serviceaccount must be <namespace>:<name>')
      return { kind: 'ServiceAccount', namespace, name }
    })
    const wanted = [...named('User', 'user'), ...named('Group', 'group'), ...accounts]
    if (wanted.length === 0) throw failure('you must specify at least one value of user, group or serviceaccount')
    for (const { kind, name, namespace, object } of items) {
      if (!['RoleBinding', 'ClusterRoleBinding'].includes(kind.kind)) {
        failed.push(failure(`${kind.resource}/${name} setting subjects is only supported for RoleBinding/ClusterRoleBinding`))
        continue
      }
      const old: any[] = object.subjects ?? [], fresh = wanted.filter(w => !old.some(o => same(o, w))), subjects = [...old, ...fresh]
      // of one that has them all nothing is told, with `-o` neither
      if (fresh.length === 0) continue
      const answer = mode === 'client'
        ? { ...object, subjects }
        : await session.send({
          verb: 'patch', ...session.of(kind, namespace ?? session.namespace), name, body: { subjects }, patchType: 'application/strategic-merge-patch+json',
          fieldManager: 'kubectl-set', ...mode === 'server' ? { dryRun: true } : {},
        })
      printDone(session, flags, { kind, object: answer }, 'subjects updated', mode)
    }
    throwAll(failed)
  },
})
