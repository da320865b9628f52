import { builtin } from '../builtin.ts'
import { loadConfig } from '../config/load.ts'
import type { LoadedConfig } from '../config/load.ts'
import type { Extension } from '../extension.ts'
import { registry } from '../runtime-model/kinds/index.ts'
import type { Host } from './host.ts'
import { UsageError } from './usage-error.ts'

const loaded = new WeakMap<Host, Promise<LoadedConfig | string>>()

/** The config of the working directory, or the one that --config names; read once. */
export async function configOf(host: Host, named?: string): Promise<LoadedConfig> {
  let config = loaded.get(host)
  if (!config) loaded.set(host, config = loadConfig(configHost(host), named))
  const found = await config
  if (typeof found === 'string') throw new UsageError(found)
  return found
}
const configHost = (host: Host) => ({
  exists: (path: string) => host.files.kind(path) === 'file', read: host.files.read, import: host.import,
  list: (path: string) => host.files.kind(path) === 'directory' ? host.files.list(path) : undefined,
})

/** The built-ins, and what a config adds. Its kinds are registered on the way: whoever asks for extensions may speak of them. */
export async function extensions(host?: Host): Promise<readonly Extension[]> {
  const own = host ? (await configOf(host)).extensions : []
  for (const kind of own.flatMap(e => e.kinds ?? [])) addKind(kind)
  return [builtin, ...own]
}

const added = new Set<string>()
function addKind(kind: NonNullable<Extension['kinds']>[number]): void {
  const name = `${kind.resource}.${kind.group}`
  if (registry.byResource(name) && !added.has(name)) throw new UsageError(`the kind ${name} is built in; give yours another group`)
  added.add(name)
  registry.add(kind)
}
