import type { KubeObject } from '../api/request.ts'
import { conflict } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { selectorText, type FieldError, type KindDefinition } from '../kinds/index.ts'
import type { Change } from './changes.ts'
import { managerOf } from './create.ts'
import { applyPatch } from './patch/index.ts'

/** autoscaling/v1 Scale: a small view of everything that has replicas. Source: pkg/registry/apps/deployment/storage/storage.go (ScaleREST, scaleFromDeployment). */
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const

export function scaleOf(object: KubeObject): any {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata, selector = object.spec.selector
  return {
    kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: object.spec.replicas ? { replicas: object.spec.replicas } : {}, status: { replicas: object.status?.replicas ?? 0, selector: selector ? selectorText(selector) : '' },
  }
}

export const scale: Change = {
  compute(turn, flight, kind, old) {
    const { request } = flight, now = scaleOf(old!)
    if (request.verb === 'patch') {
      const options = { manager: managerOf(request), force: request.force ?? false, nowText: formatTime(turn.context.wallMs), subresource: 'scale', fieldValidation: request.fieldValidation }
      const result = applyPatch({ ...kind, ...scaleKind } as KindDefinition, request.patchType!, now, request.body, options)
      return 'status' in result ? result : withReplicas(kind, old!, result.object)
    }
    return withReplicas(kind, old!, flight.body)
  },
  prepare: (kind, object, old) => kind.beforeUpdate(object, old),
  validate: (_kind, object): readonly FieldError[] => object.spec.replicas < 0 ? [{ type: 'FieldValueInvalid', field: 'spec.replicas', body: `Invalid value: ${object.spec.replicas}: must be greater than or equal to 0` }] : [],
  errorKind: scaleKind,
  outcome: stored => ({ code: 200, body: scaleOf(stored) }),
}

function withReplicas(kind: KindDefinition, old: KubeObject, asked: any): ReturnType<Change['compute']> {
  const version = asked.metadata?.resourceVersion
  if (version && version !== old.metadata.resourceVersion) return { status: conflict(kind, old.metadata.name) }
  return { object: { ...old, spec: { ...old.spec, replicas: asked.spec?.replicas ?? 0 } } }
}
