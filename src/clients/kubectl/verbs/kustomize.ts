import { failure } from '../errors.ts'
import { absent, array, bool, inert, text } from '../flags.ts'
import { toYaml } from '../printers/yaml.ts'
import type { Verb } from '../verb.ts'

/** Prints what a kustomization builds. Source: kubectl pkg/cmd/kustomize. */
export const kustomize: Verb = {
  discovers: false,
  flags: {
    'enable-helm': inert(bool()), 'load-restrictor': text(undefined, 'LoadRestrictionsRootOnly'), 'as-current-user': inert(bool()),
    'enable-alpha-plugins': absent(bool()), output: absent(text('o')), env: inert(array('e')), 'helm-api-versions': absent(array()),
    'helm-command': absent(text(undefined, 'helm')), 'helm-debug': absent(bool()), 'helm-kube-version': absent(text()), mount: inert(array()),
    network: inert(bool()), 'network-name': inert(text(undefined, 'bridge')),
  },
  async run(session, flags) {
    if (flags.args.length > 1) throw failure('specify one path to kustomization.yaml')
    const restrictor = flags.text('load-restrictor'), legal = ['LoadRestrictionsRootOnly', 'LoadRestrictionsNone']
    if (!legal.includes(restrictor)) throw failure(`illegal flag value --load-restrictor ${restrictor}; legal values: [${legal.join(' ')}]`)
    const { buildKustomization } = await import('../kustomize/build.ts')
    const objects = buildKustomization(flags.args[0] ?? '.', {
      ...session.environment, warn: line => session.complain(line), anywhere: restrictor === 'LoadRestrictionsNone',
    })
    session.stdout += objects.map(toYaml).join('---\n')
  },
}
