import { failure } from '../errors.ts'
import { text } from '../flags.ts'
import { toJson } from '../printers/json.ts'
import { toYaml } from '../printers/yaml.ts'
import { findObjects } from '../targets.ts'
import { bool } from '../flags.ts'
import { files, selectors, type Verb } from '../verb.ts'
import { throwAll } from '../errors.ts'
import { LAST_APPLIED } from './apply.ts'

/** Source: kubectl pkg/cmd/apply/apply_view_last_applied.go. */
export const viewLastApplied: Verb = {
  flags: { ...files, ...selectors, output: text('o', 'yaml'), all: bool() },
  async run(session, flags) {
    const { items, errors } = await findObjects(session, flags, flags.args)
    throwAll(errors)
    for (const { kind, name, object } of items) {
      const last = object.metadata.annotations?.[LAST_APPLIED]
      if (last === undefined) throw failure(`no last-applied-configuration annotation found on resource: ${name} (${kind.resource})`)
      session.stdout += flags.text('output') === 'json' ? toJson(JSON.parse(last)) : toYaml(JSON.parse(last))
    }
  },
}
