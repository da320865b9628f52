import type { KindDefinition } from '../../runtime-model/kinds/kind.ts'

/** Where a kind keeps its pod template's spec. Source: kubectl pkg/polymorphichelpers/updatepodspec.go. */
const paths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'], Deployment: ['spec', 'template', 'spec'], DaemonSet: ['spec', 'template', 'spec'], StatefulSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'], Job: ['spec', 'template', 'spec'], CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
}
export const podSpecPath = (kind: Pick<KindDefinition, 'kind'>): readonly string[] | undefined => paths[kind.kind]
export const at = (object: any, path: readonly string[]): any => path.reduce((value, key) => value?.[key], object)
/** The object with another value at a path. */
export function changed(object: any, [key, ...rest]: readonly string[], change: (value: any) => any): any {
  return { ...object, [key]: rest.length === 0 ? change(object?.[key]) : changed(object?.[key] ?? {}, rest, change) }
}
