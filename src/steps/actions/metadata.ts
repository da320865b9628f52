import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { line, say } from '../command.ts'
import { namedBy, namespaceFlag, nodeIn } from '../objects.ts'

const kubectl = 'https://kubernetes.io/docs/reference/kubectl/generated'

const mark = (id: 'label' | 'annotate', noun: string): readonly StepDefinition[] => [
  defineStep({
    id, kind: 'action', phrases: [`I ${id} {what} {pair}`, `I ${id} {what} with {pair}`, `I add ${noun} {pair} to {what}`],
    parameters: { what: 'subject', pair: 'value' },
    doc: `Sets a ${noun}, whatever its value was; \`key-\` takes it away.`, examples: [`I ${id} node worker-1 disk=ssd`, `I ${id} pod catalog tier-`],
    source: `${kubectl}/kubectl_${id}/`,
    run(context, { what, pair }) {
      const named = namedBy(context, what)
      return say(context, line('kubectl', id, named.kind, named.name, pair, '--overwrite', ...namespaceFlag(named)))
    },
  }),
  defineStep({
    id: `remove-${noun}`, kind: 'action', phrases: [`I remove ${noun} {key} from {what}`], parameters: { what: 'subject', key: 'value' },
    doc: `Takes a ${noun} away.`, examples: [`I remove ${noun} tier from pod catalog`], source: `${kubectl}/kubectl_${id}/`,
    run(context, { what, key }) {
      const named = namedBy(context, what)
      return say(context, line('kubectl', id, named.kind, named.name, `${key.replace(/=.*/, '')}-`, ...namespaceFlag(named)))
    },
  }),
]
const taint = defineStep({
  id: 'taint', kind: 'action', phrases: ['I taint {node} {taint}', 'I taint {node} with {taint}'], parameters: { taint: 'value' },
  doc: 'Sets a taint, `key=value:NoSchedule`; with `-` behind it it is taken away.',
  examples: ['I taint node worker-1 maintenance=now:NoExecute', 'I taint node worker-1 maintenance-'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  run: (context, { node, taint: text }) =>
    say(context, line('kubectl', 'taint', 'node', nodeIn(context, node), text, '--overwrite')),
})
const untaint = defineStep({
  id: 'remove-taint', kind: 'action', phrases: ['I remove taint {taint} from {node}'], parameters: { taint: 'value' },
  doc: 'Takes a taint away: `key`, `key:NoSchedule` or `key=value:NoSchedule`.', examples: ['I remove taint maintenance from node worker-1'],
  source: 'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
  run: (context, { node, taint: text }) => say(context, line('kubectl', 'taint', 'node', nodeIn(context, node), `${text}-`)),
})
export const metadata: readonly StepDefinition[] = [...mark('label', 'label'), ...mark('annotate', 'annotation'), taint, untaint]
