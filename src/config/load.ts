import type { Extension } from '../extension.ts'

/** What loading needs of the machine. */
export interface ConfigHost { readonly exists: (path: string) => boolean; readonly import: (path: string) => Promise<unknown> }

const NAMES = ['kscenario.config.mjs', 'kscenario.config.js']

/** The extension of `kscenario.config.mjs|js` in the working directory, if there is one; a string says what is wrong with it. */
export async function loadConfig(host: ConfigHost): Promise<Extension | string | undefined> {
  const path = NAMES.find(host.exists)
  if (!path) return undefined
  try {
    const module = await host.import(path) as { readonly default?: unknown; readonly extension?: unknown }
    const value = (module.extension ?? module.default) as Extension | undefined
    if (!value || typeof value !== 'object') return `${path}: exports neither \`extension\` nor a default`
    const unknown = Object.keys(value).find(k => !['name', 'steps', 'predicates'].includes(k))
    if (unknown) return `${path}: an extension has name, steps and predicates; ${unknown} is none of them`
    return { ...value, name: value.name ?? path }
  } catch (error) { return `${path}: ${(error as Error).message}` }
}
