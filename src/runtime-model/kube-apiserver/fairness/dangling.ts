import type { EtcdEvent } from '../../api/etcd.ts'
import type { KubeObject } from '../../api/request.ts'
import { formatTime } from '../../api/time.ts'
import { registry } from '../../kinds/index.ts'
import { askOwn } from '../etcd-client.ts'
import { RESTORE } from '../own-objects.ts'
import { applyPatch } from '../patch/index.ts'
import type { Turn } from '../state.ts'
import { cached, listCached } from '../watch-cache.ts'

/**
 * Every server tells each FlowSchema whether there is the level that it names: `kubectl get flowschemas` shows it as MISSINGPL. Who comes second finds it done.
 * Source: k8s.io/apiserver pkg/util/flowcontrol/apf_controller.go (presentFlowSchemas, syncOne), tried on a 1.35.4 API server.
 */
const group = 'flowcontrol.apiserver.k8s.io', schemas = `flowschemas.${group}`, levels = `prioritylevelconfigurations.${group}`
const kind = registry.byResource(schemas)!, manager = 'api-priority-and-fairness-config-consumer-v1'

export function followSchemas(turn: Turn, events: readonly EtcdEvent[]): void {
  for (const { key: { resource, name }, type, object, old } of events) {
    if (resource === schemas && type === 'PUT') tell(turn, object)
    // a level that changes is still there
    else if (resource === levels && (type === 'DELETE' || old === undefined)) {
      for (const schema of listCached(turn.state.cache, schemas)) if (levelOf(schema) === name) tell(turn, schema)
    }
  }
}
export function reviewSchemas(turn: Turn): void { for (const schema of listCached(turn.state.cache, schemas)) tell(turn, schema) }

const levelOf = (schema: any): string => schema.spec?.priorityLevelConfiguration?.name ?? ''
function tell(turn: Turn, schema: any): void {
  const level = levelOf(schema), there = cached(turn.state.cache, levels, '', level) !== undefined, nowText = formatTime(turn.context.wallMs)
  const said = schema.status?.conditions?.find((c: any) => c.type === 'Dangling'), told = {
    type: 'Dangling', status: there ? 'False' : 'True', reason: there ? 'Found' : 'NotFound',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${there ? 'and it exists' : 'but there is no such object'}`,
  }
  if (said && said.status === told.status && said.reason === told.reason && said.message === told.message) return
  const { apiVersion, metadata: { name, resourceVersion } } = schema as KubeObject
  const conditions = [{ ...told, lastTransitionTime: said?.status === told.status ? said.lastTransitionTime : nowText }]
  const applied = applyPatch(kind, 'application/apply-patch+yaml', schema, { apiVersion, kind: kind.kind, metadata: { name }, status: { conditions } }, {
    manager, force: true, nowText, subresource: 'status',
  })
  if ('status' in applied) return
  askOwn(turn, { op: 'put', key: { resource: schemas, namespace: '', name }, expected: Number(resourceVersion), value: applied.object }, RESTORE)
}
