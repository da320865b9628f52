import { badRequest, type Status } from '../api/status.ts'
import type { ApiRequest } from '../api/request.ts'
import { parseTime } from '../api/time.ts'
import { columnDescription } from '../kinds/column-descriptions.ts'
import { humanDuration, type KindDefinition } from '../kinds/index.ts'

/**
 * What rows tell of their objects besides the cells: by default what all kinds have. Source: apimachinery pkg/apis/meta/v1/validation (ValidateTableOptions).
 */
export const wrongTable = ({ as, query }: ApiRequest): Status | undefined => {
  const asked = query?.['includeObject'] ?? ''
  return as !== 'Table' || ['', 'Metadata', 'Object', 'None'].includes(asked) ? undefined
    : badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(asked)}: must be 'Metadata', 'Object', 'None', or empty`)
}

/** meta.k8s.io/v1 Table: what `kubectl get` asks for. Source: pkg/printers/storage/storage.go, pkg/printers/internalversion/printers.go. */
export function tableOf(kind: KindDefinition, objects: readonly any[], metadata: any, nowMs: number, { query }: ApiRequest): any {
  return {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata,
    columnDefinitions: kind.columns.map(c =>
      ({ name: c.name, type: c.type, format: c.format ?? '', description: columnDescription(kind, c), priority: c.priority })),
    rows: (kind.rowOrder ? [...objects].sort(kind.rowOrder) : objects).map(object => ({
      cells: kind.cells(object, nowMs), ...conditionsOf(object),
      object: objectOf(object, query?.['includeObject']),
    })),
  }
}

/** Source: pkg/printers/internalversion/printers.go (printScale). */
export const scaleTable = (scale: any, nowMs: number, { query }: ApiRequest): any => ({
  kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: scale.metadata.resourceVersion },
  columnDefinitions: [['Name', 'string'], ['Desired', 'integer'], ['Available', 'integer'], ['Age', 'string']].map(
    ([name, type]) => ({ name, type, format: '', description: '', priority: 0 })
  ),
  rows: [{
    cells: [scale.metadata.name, scale.spec.replicas ?? 0, scale.status.replicas, humanDuration(nowMs - parseTime(scale.metadata.creationTimestamp))],
    object: objectOf(scale, query?.['includeObject']),
  }],
})
function objectOf(object: any, include = ''): any {
  return include === 'Object' ? object
    : include === 'None' ? null
    : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}

/** Rows of pods that have ended say so. */
function conditionsOf(object: any): { readonly conditions: readonly any[] } | undefined {
  if (object.kind !== 'Pod') return undefined
  const { phase } = object.status ?? {}
  if (phase === 'Succeeded') return { conditions: [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }] }
  return phase === 'Failed' ? { conditions: [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }] } : undefined
}
