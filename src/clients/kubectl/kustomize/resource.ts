import { structSchema, typeName } from '../../../runtime-model/api/schema.ts'
import { registry } from '../../../runtime-model/kinds/index.ts'
import { groupVersion } from '../kinds.ts'

/** One object of a build. It is replaced as the build goes on; `names` are all it ever had, which patches and references may use. */
export interface Resource {
  object: any
  readonly names: Set<string>
  readonly namespaces: Set<string>
  /** a generated object: its name will end in the hash of its content */
  hashed: boolean
  /** its name before this level began to rename */
  before: string
}
export function resourceOf(object: any, hashed = false): Resource {
  const { name = '', namespace = '' } = object.metadata ?? {}
  return { object, names: new Set([name]), namespaces: new Set([namespace]), hashed, before: name }
}
export const isNamespaced = ({ apiVersion, kind }: any): boolean => registry.byGroupKind(groupVersion(String(apiVersion)).group, kind)?.namespaced ?? true
export const isBuiltIn = ({ apiVersion, kind }: any): boolean => {
  const { group, version } = groupVersion(String(apiVersion))
  return structSchema(typeName(group, version, kind)) !== undefined
}

export function rename(resource: Resource, name: string): void {
  resource.object = { ...resource.object, metadata: { ...resource.object.metadata, name } }
  resource.names.add(name)
}

/** Changes what stands at a path, `[]` being each item of a list; `create`: maps on the way are made. What is not there stays away. */
export function update(value: any, path: readonly string[], change: (old: any) => any, create = false): any {
  if (path.length === 0) return change(value)
  const [step, ...rest] = path
  if (step === '[]') return Array.isArray(value) ? value.map(item => update(item, rest, change, create)) : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (value[step] === undefined && !create) return value
  const next = update(value[step] ?? (rest.length > 0 ? {} : undefined), rest, change, create)
  return next === undefined ? value : { ...value, [step]: next }
}
export const pathTo = (text: string): readonly string[] => text.split('/').flatMap(part => part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part])

/** Where pods are described, by kind. Source: kustomize api/internal/konfig/builtinpluginconsts. */
const templates: Readonly<Record<string, string>> = {
  Deployment: 'spec/template', ReplicaSet: 'spec/template', ReplicationController: 'spec/template', DaemonSet: 'spec/template', StatefulSet: 'spec/template',
  Job: 'spec/template', CronJob: 'spec/jobTemplate/spec/template',
}
export const templateOf = (kind: string): string | undefined => templates[kind]
export const podSpecOf = (kind: string): string | undefined => kind === 'Pod' ? 'spec' : templates[kind] && `${templates[kind]}/spec`
