import type { Flags } from '../flags.ts'
import { kindOf } from '../kinds.ts'
import type { Session } from '../session.ts'
import type { Item } from '../targets.ts'

/**
 * What the containers get: values, and where the others come from; with `--resolve` their values too. Sources: kubectl
 * pkg/cmd/set/{set_env.go,env/env_resolve.go}.
 */
export async function listEnv(session: Session, flags: Flags, item: Item, containers: readonly any[]): Promise<void> {
  for (const c of containers) {
    session.print(`# ${item.kind.kind} ${item.name}, container ${c.name}`)
    for (const e of c.env ?? []) {
      if (!e.valueFrom) { session.print(`${e.name}=${e.value ?? ''}`); continue }
      const value = flags.on('resolve') ? await resolved(session, item, c, e.valueFrom) : undefined
      session.print(value === undefined ? `# ${e.name} from ${origin(e.valueFrom)}` : `${e.name}=${value}`)
    }
  }
}
function origin({ configMapKeyRef: config, secretKeyRef: secret, fieldRef: field, resourceFieldRef: resource }: any): string {
  if (config) return `configmap ${config.name}, key ${config.key}`
  if (secret) return `secret ${secret.name}, key ${secret.key}`
  return field ? `field path ${field.fieldPath}` : `resource field ${resource.containerName ? `${resource.containerName}/` : ''}${resource.resource}`
}
async function resolved(
  session: Session, { object, namespace }: Item, container: any,
  { configMapKeyRef: config, secretKeyRef: secret, fieldRef: field, resourceFieldRef: resource }: any
): Promise<string | undefined> {
  if (config || secret) {
    const { data } = await session.get(kindOf(config ? 'configmaps' : 'secrets'), (config ?? secret).name, namespace)
    const value: string | undefined = data?.[(config ?? secret).key]
    return value === undefined || config ? value : Buffer.from(value, 'base64').toString('utf8')
  }
  if (resource) { const [list, name] = String(resource.resource).split(/\.(.*)/); return String(container.resources?.[list]?.[name] ?? '0') }
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(field.fieldPath) ?? []
  if (map) return object.metadata[map]?.[key] ?? ''
  return {
    'metadata.name': object.metadata.name, 'metadata.namespace': object.metadata.namespace, 'metadata.uid': object.metadata.uid,
  }[field.fieldPath as string]
}
