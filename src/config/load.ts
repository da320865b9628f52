import type { Extension } from '../extension.ts'
import { clashesOf } from './clashes.ts'
import type { Config } from './config.ts'
import { collect, LISTS } from './modules.ts'
import type { ConfigHost } from './modules.ts'
import { over } from './settings.ts'
import type { Preset, Settings } from './settings.ts'
import { validate } from './generated/validate-config.js'

export interface LoadedConfig {
  /** undefined: there is no config file */
  readonly file?: string
  readonly settings: Settings
  readonly presets: Readonly<Record<string, Preset>>
  /** what the project adds; empty where it adds nothing */
  readonly extensions: readonly Extension[]
}
const NONE: LoadedConfig = { settings: {}, presets: {}, extensions: [] }
const ENDINGS = ['ts', 'mts', 'js', 'mjs', 'json']

/** The config of the working directory (or the file named); a string says what is wrong with it. */
export async function loadConfig(host: ConfigHost, named?: string): Promise<LoadedConfig | string> {
  const found = named === undefined ? ENDINGS.map(e => `kscenario.config.${e}`).filter(host.exists) : [named]
  if (found.length === 0) return NONE
  if (found.length > 1) return `there are ${found.join(' and ')}: keep one of them`
  const [file] = found
  if (!host.exists(file)) return `no such file: ${file}`
  try {
    const value = await read(file, host)
    const wrong = problemsOf(value)
    if (wrong.length) return wrong.map(w => `${file}: ${w}`).join('\n')
    const config = value as Config, directory = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.'
    const extensions = await collect({ ...config, name: config.name ?? file }, directory, host)
    const clashes = await clashesOf(extensions)
    if (clashes.length) return clashes.map(c => `${file}: ${c}`).join('\n')
    return { file, settings: settingsOf(config), presets: config.presets ?? {}, extensions }
  } catch (error) { return `${file}: ${(error as Error).message}` }
}

/** The settings of the config with those of the presets over them, the last named first. A string: there is no such preset. */
export function chosen({ settings, presets, file }: LoadedConfig, names: readonly string[]): Settings | string {
  const unknown = names.find(name => !Object.hasOwn(presets, name))
  if (unknown !== undefined) {
    return `--preset ${unknown}: ${file === undefined ? 'there is no kscenario.config file here' : `${file} has ${Object.keys(presets).length ? `the presets ${Object.keys(presets).join(', ')}` : 'no presets'}`}`
  }
  return names.reduce((before, name) => over(presets[name], before), settings)
}

async function read(file: string, host: ConfigHost): Promise<unknown> {
  if (file.endsWith('.json')) return JSON.parse(host.read(file) ?? '')
  const module = await host.import(file) as { readonly default?: unknown; readonly config?: unknown; readonly extension?: unknown }
  if (module.default === undefined && module.config === undefined && module.extension !== undefined) return { extensions: [module.extension] }
  const value = module.default ?? module.config
  if (!value || typeof value !== 'object') throw new Error('has no default export; write `export default defineConfig({ … })`')
  return value
}

const settingsOf = (config: Config): Settings =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !['$schema', 'name', 'presets'].includes(key) && !LISTS.includes(key as never))) as Settings

/** What the schema says against it, in words: `world.workers must be integer`. */
function problemsOf(value: unknown): readonly string[] {
  if (validate(value)) return []
  const errors = (validate as unknown as { errors?: readonly any[] }).errors ?? []
  const words = errors.filter(e =>
    e.keyword !== 'anyOf'
      && !(e.keyword === 'type' && e.params.type === 'object' && errors.some(other => other !== e && other.instancePath === e.instancePath))).map(e => {
    const path = e.instancePath.slice(1).replaceAll('/', '.') || 'the config'
    if (e.keyword === 'additionalProperties') {
      return `${path === 'the config' ? '' : `${path}: `}nothing is called \`${e.params.additionalProperty}\`${near(e.params.additionalProperty)}`
    }
    if (e.keyword === 'pattern' && /duration|deadline|observe/.test(e.schemaPath + path)) return `${path} must be a duration such as 30s or 1m30s`
    if (e.keyword === 'pattern' && e.params.pattern === '\\S') return `${path} must not be empty`
    return `${path} ${e.message}${e.params?.allowedValues ? `: ${e.params.allowedValues.join(', ')}` : ''}`
  })
  return [...new Set(words)]
}
const near = (word: string): string =>
  word === 'plugins' ? '; there are admissionPlugins and schedulerPlugins' : word === 'features' ? '; feature files are `paths`' : ''
