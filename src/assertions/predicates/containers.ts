import type { ContainerSubject } from '../../dsl/step-ast.ts'
import { definePredicate } from '../../extension.ts'
import type { PredicateDefinition } from '../../extension.ts'
import { onlyOf } from './fitting.ts'
import { holdsIf, moot, plural, satisfies } from './support.ts'

const statusesOf = ({ status }: any): readonly any[] =>
  [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? []), ...(status?.ephemeralContainerStatuses ?? [])]
const exitCode = definePredicate({
  id: 'container-exit-code', subjects: ['container'],
  phrases: [
    'has (last) exit code {count}', 'exited/ended with (exit) code {count}', 'exits/ends with (exit) code {count}', 'Terminated with (exit) code {count}',
  ],
  doc: 'How the container ended, the last time that it did: now, or before it was started again, as the status of its pod says. One that has never ended has no code.',
  examples: ['container app in pod catalog has exit code 137', 'container migrate in pod catalog eventually exited with code 0'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-state-terminated',
  test({ object, ast }, { count }) {
    const status = statusesOf(object).find(c => c.name === (ast as ContainerSubject).container)
    const ended = status?.state?.terminated ?? status?.lastState?.terminated
    if (!ended) return moot('it has not ended yet')
    return holdsIf(satisfies(count, ended.exitCode), () => `exit code ${ended.exitCode}${ended.reason ? ` (${ended.reason})` : ''}`)
  },
})
const ready = definePredicate({
  id: 'ready-containers', phrases: ['has {count} ready container(s)'], subjects: ['object'], misfit: onlyOf('pods'), progress: true,
  doc: 'How many of its containers are ready, sidecars with them: what kubectl shows under READY.',
  examples: ['pod catalog eventually has 2 ready containers', 'pod catalog has no ready containers'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/',
  test({ object }, { count }) {
    const sidecars = new Set((object.spec?.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always').map((c: any) => c.name))
    const own = [...(object.status?.containerStatuses ?? []), ...(object.status?.initContainerStatuses ?? []).filter((c: any) => sidecars.has(c.name))]
    const found = own.filter(c => c.ready).length
    return holdsIf(satisfies(count, found), () => `${plural(found, 'ready container')} of ${own.length}`)
  },
})
export const ofContainers: readonly PredicateDefinition[] = [exitCode, ready]
