import type { OwnParameterType, OwnStep } from '../own-steps/own-step.ts'
import type { Extension, PredicateDefinition, StepDefinition } from '../extension.ts'
import type { Preset, Settings } from './settings.ts'

/** The name of a file (or of a folder of files) that exports them, or the thing itself. */
type Some<T> = readonly (string | T)[]

/** What `kscenario.config.ts|js|json` holds: settings, presets, and what the project adds to the language and to the cluster. */
export interface Config extends Settings {
  readonly $schema?: string
  readonly name?: string
  /** chosen with --preset NAME */
  readonly presets?: Readonly<Record<string, Preset>>
  readonly extensions?: Some<Extension>
  readonly steps?: Some<OwnStep | StepDefinition>
  readonly parameterTypes?: Some<OwnParameterType>
  readonly predicates?: Some<PredicateDefinition>
  readonly controllers?: Some<NonNullable<Extension['controllers']>[number]>
  readonly kinds?: Some<NonNullable<Extension['kinds']>[number]>
  readonly admissionPlugins?: Some<NonNullable<Extension['admissionPlugins']>[number]>
  readonly schedulerPlugins?: Some<NonNullable<Extension['schedulerPlugins']>[number]>
  readonly faults?: Some<NonNullable<Extension['faults']>[number]>
  readonly reporters?: Some<NonNullable<Extension['reporters']>[number]>
}
/** Says nothing, types everything. */
export const defineConfig = (config: Config): Config => config
