import { usage } from '../errors.ts'
import { bool, text } from '../flags.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Verb } from '../verb.ts'

/** Prints what a kustomization builds. Source: kubectl pkg/cmd/kustomize. */
export const kustomize: Verb = {
  discovers: false, flags: { 'enable-helm': bool(), 'load-restrictor': text(), 'as-current-user': bool(), 'enable-alpha-plugins': bool(), output: text('o') },
  async run(session, flags, command) {
    if (flags.args.length > 1) throw usage(command, 'specify one path to kustomization.yaml')
    const { buildKustomization } = await import('../kustomize/build.ts')
    const objects = buildKustomization(flags.args[0] ?? '.', { readFile: session.environment.readFile, warn: line => session.complain(line) })
    session.stdout += objects.map(toYaml).join('---\n')
  },
}
