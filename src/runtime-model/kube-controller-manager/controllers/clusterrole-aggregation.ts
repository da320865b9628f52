import type { KubeObject } from '../../api/request.ts'
import { labelsMatch } from '../../api/selectors.ts'
import { deepEqual } from '../../kinds/meta/errors.ts'
import { patch } from '../../network/client.ts'
import { defineController, DONE } from '../controller.ts'
import type { Index, View } from '../controller.ts'

const resource = 'clusterroles.rbac.authorization.k8s.io'
const aggregating: Index = { name: 'clusterroles that aggregate', resource, keysOf: role => role.aggregationRule ? ['all'] : [] }

/** A ClusterRole with an aggregationRule has the rules of all that its selectors choose, in order of name. */
export const clusterRoleAggregation = defineController({
  name: 'clusterrole-aggregation',
  watches: [{ resource, toKeys: (_, view) => view.by(aggregating, 'all').map(role => role.metadata.name) }],
  indexes: [aggregating],
  reconcile(key, view) {
    const role = view.get(resource, undefined, key)
    if (!role?.aggregationRule) return DONE
    const rules = aggregated(role, view)
    if (deepEqual(rules, role.rules ?? [])) return DONE
    return {
      effects: [{
        do: 'request',
        request: {
          ...patch(view.identity, { resource, name: key }, 'application/apply-patch+yaml', {
            apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: key }, rules,
          }),
          fieldManager: 'clusterrole-aggregation-controller', force: true,
        },
      }],
    }
  },
  source: 'pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go',
})

function aggregated(role: KubeObject, view: View): readonly any[] {
  const rules: any[] = [], seen = new Set<string>()
  const all = view.list(resource)
  for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) for (const other of all) {
    if (other.metadata.name === role.metadata.name || !labelsMatch(selector, other.metadata.labels)) continue
    for (const rule of other.rules ?? []) { const text = JSON.stringify(rule); if (!seen.has(text)) { seen.add(text); rules.push(rule) } }
  }
  return rules
}
