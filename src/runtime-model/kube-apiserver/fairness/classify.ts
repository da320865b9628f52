/**
 * Which FlowSchema a request belongs to: the first that matches, in order of precedence. Source: k8s.io/apiserver pkg/util/flowcontrol/rule.go.
 */
export interface Asked {
  readonly user: { readonly name: string; readonly groups: readonly string[] }
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly path?: string
}
export interface Flow {
  readonly level: string
  /** whose requests wait in the same queues: the schema and what it tells requests apart by */
  readonly key: string
}

export const inOrder = (schemas: readonly any[]): readonly any[] => [...schemas].sort((a, b) =>
  a.spec.matchingPrecedence - b.spec.matchingPrecedence || (a.metadata.name < b.metadata.name ? -1 : 1))

/** undefined: no schema matches, or none whose level there is */
export function flowOf(asked: Asked, schemas: readonly any[], levels: ReadonlyMap<string, unknown>): Flow | undefined {
  for (const { metadata, spec } of schemas) {
    if (!levels.has(spec.priorityLevelConfiguration.name) || !(spec.rules ?? []).some((rule: any) => matches(rule, asked))) continue
    const by = spec.distinguisherMethod?.type
    const distinguisher = by === 'ByUser' ? asked.user.name : by === 'ByNamespace' ? asked.namespace ?? '' : ''
    return { level: spec.priorityLevelConfiguration.name, key: `${metadata.name}/${distinguisher}` }
  }
  return undefined
}

const has = (list: readonly string[] | undefined, value: string): boolean => list !== undefined && (list.includes(value) || list.includes('*'))
function matches({ subjects = [], resourceRules = [], nonResourceRules = [] }: any, asked: Asked): boolean {
  if (!subjects.some((s: any) => isSubject(s, asked.user))) return false
  const { path } = asked
  return path === undefined
    ? resourceRules.some((rule: any) => matchesResource(rule, asked))
    : nonResourceRules.some((rule: any) => has(rule.verbs, asked.verb) && rule.nonResourceURLs.some((url: string) =>
      url === '*' || url === path || url.endsWith('/*') && path.startsWith(url.slice(0, -1))))
}
function matchesResource(rule: any, { verb, group, resource, subresource, namespace }: Asked): boolean {
  return has(rule.verbs, verb) && has(rule.apiGroups, group) && has(rule.resources, subresource ? `${resource}/${subresource}` : resource)
    && (namespace ? has(rule.namespaces, namespace) : rule.clusterScope === true)
}
function isSubject({ kind, user, group, serviceAccount }: any, { name, groups }: Asked['user']): boolean {
  switch (kind) {
    case 'User': return user.name === '*' || user.name === name
    case 'Group': return group.name === '*' || groups.includes(group.name)
    case 'ServiceAccount': {
      const [, , namespace, account] = name.startsWith('system:serviceaccount:') ? name.split(':') : []
      return namespace === serviceAccount.namespace && (serviceAccount.name === '*' || serviceAccount.name === account)
    }
    default: return false
  }
}
