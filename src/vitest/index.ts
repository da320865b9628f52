import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { moduleOf } from './module.ts'

export interface KscenarioPluginOptions {
  /** globs of the feature files that are tests; default: all */
  readonly include?: readonly string[]
  /** a tag expression: only these scenarios are tests */
  readonly tags?: string
}

const runtime = fileURLToPath(new URL('./vitest-runtime.js', import.meta.url))

/**
 * A plugin for vitest: `.feature` files are test files, each scenario is a test, failures point at the step. Settings come from `kscenario.config`.
 *
 * ```ts
 * import { kscenario } from 'kscenario/vitest'
 * export default defineConfig({ plugins: [kscenario()] })
 * ```
 */
export function kscenario({ include = ['**/*.feature'], tags }: KscenarioPluginOptions = {}): Plugin {
  let selects: ((tags: string[]) => boolean) | undefined
  return {
    name: 'kscenario', enforce: 'pre',
    async config(user) {
      const { configDefaults } = await import('vitest/config')
      const { test = {} } = user as { readonly test?: { readonly include?: readonly string[]; readonly isolate?: boolean } }
      return {
        test: {
          // lists are added to those of the project, but a list takes the place of vitest's own
          include: [...test.include ? [] : configDefaults.include, ...include],
          // clusters share nothing, and loading the model anew for every file takes longer than most files
          ...(test.isolate === undefined ? { isolate: false } : {}),
          forceRerunTriggers: [...configDefaults.forceRerunTriggers, '**/manifests/**', '**/kscenario.config.*'],
          server: { deps: { external: [new RegExp(`^${fileURLToPath(new URL('.', import.meta.url)).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)] } },
        },
      } as never
    },
    async buildStart() {
      if (tags === undefined) return
      const { parse } = await import('@cucumber/tag-expressions'), expression = parse(tags)
      selects = all => expression.evaluate(all)
    },
    transform(text, id) {
      const [file] = id.split('?')
      if (!file.endsWith('.feature')) return undefined
      const made = moduleOf(file, text, runtime, selects)
      if ('code' in made) return made
      return this.error({
        message: made.errors.map(e => e.message).join('\n'), loc: { file, line: made.errors[0].line, column: made.errors[0].column - 1 }, id: file,
      })
    },
  }
}
