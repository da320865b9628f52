import { ApiError, asOneBeside, failure, throwAll, usage } from '../errors.ts'
import { absent, bool, text } from '../flags.ts'
import { readEach } from '../manifests.ts'
import { dryRunOf, printDone } from '../printers/index.ts'
import { allTyped, dryRun, files, output, selectors, validate, validation, withAliases, type Verb } from '../verb.ts'
import { attempt, noOpenApi } from '../verbs/apply.ts'
import { withLastApplied } from '../verbs/last-applied.ts'
import { bareVerb } from '../verbs/bare.ts'
import { clusterRole, clusterRoleBinding, role, roleBinding } from './access.ts'
import { configMap, disruptionBudget, dockerSecret, genericSecret, namespace, priorityClass, quota, serviceAccount, tlsSecret } from './config.ts'
import { ingress, services } from './network.ts'
import { cronJob, deployment, job, token } from './workloads.ts'

/** what comes of a Binding is no Binding */
const statusKind = { group: '', version: 'v1', kind: 'Status' }

/** Makes objects from a manifest or from flags. Source: kubectl pkg/cmd/create/create.go. */
export const create: Verb = {
  flags: {
    ...files, ...selectors, ...output, ...dryRun, ...validate, 'field-manager': text(undefined, 'kubectl-create'), 'save-config': bool(), edit: bool(),
    raw: text(), 'windows-line-endings': absent(bool()),
  },
  under: withAliases(allTyped({
    deployment, job, cronjob: cronJob, token, configmap: configMap,
    secret: bareVerb({ generic: genericSecret, 'docker-registry': dockerSecret, tls: tlsSecret }), namespace,
    serviceaccount: serviceAccount, quota, priorityclass: priorityClass, poddisruptionbudget: disruptionBudget,
    role, clusterrole: clusterRole, rolebinding: roleBinding, clusterrolebinding: clusterRoleBinding, service: bareVerb(services), ingress,
  }), {
    deploy: 'deployment', cj: 'cronjob', cm: 'configmap', ns: 'namespace', sa: 'serviceaccount', resourcequota: 'quota', pc: 'priorityclass',
    pdb: 'poddisruptionbudget', svc: 'service', ing: 'ingress',
  }),
  async run(session, flags, command) {
    if (flags.args.length > 0) throw usage(command, `Unexpected args: [${flags.args.join(' ')}]`)
    if (!flags.given('filename') && !flags.given('kustomize')) throw failure('must specify one of -f and -k')
    if (flags.given('raw')) {
      if (flags.on('edit')) throw failure('--raw and --edit are mutually exclusive')
      return (await import('../verbs/raw.ts')).writeRaw(session, flags, 'create')
    }
    if (flags.on('edit')) return (await import('./edited.ts')).createEdited(session, flags)
    const mode = dryRunOf(flags), failed: unknown[] = [], unread: unknown[] = [], all = readEach(session, flags)
    if (all.length === 0) throw failure('no objects passed to create')
    for (const read of all) {
      if ('error' in read) { unread.push(read.error); continue }
      const { object, kind, namespace: at, source } = read
      const body = flags.on('save-config') ? withLastApplied(object) : object
      try {
        const made = mode === 'client'
          ? body
          : await attempt(
            session,
            {
              verb: 'create', ...session.of(kind, at), body, fieldManager: flags.text('field-manager'), fieldValidation: validation(flags),
              ...mode === 'server' ? { dryRun: true } : {},
            },
            `creating ${JSON.stringify(source)}`
          )
        printDone(session, flags, { kind: made.kind === 'Status' ? statusKind : kind, object: made }, 'created', mode)
      } catch (error) {
        if (error instanceof ApiError && error.response.code === 0 && error.response.failure === 'refused') throw noOpenApi(source)
        failed.push(error)
      }
    }
    throwAll([...failed, ...asOneBeside(failed, unread)])
  },
}
