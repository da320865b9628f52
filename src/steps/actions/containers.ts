import { defineStep } from '../../extension.ts'
import type { StepDefinition } from '../../extension.ts'
import { refusal } from '../outcome.ts'
import { containerTarget } from '../containers.ts'

const writes = defineStep({
  id: 'container-writes', kind: 'action', phrases: ['container {container} in {pod} writes {content} to {path}'],
  parameters: { container: 'namespace', pod: 'any-subject', content: 'text', path: 'text' },
  doc: 'A container writes a file into one of its volumes.', examples: ['container app in pod db-0 writes "hello" to "/data/x"'],
  source: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  run(context, { container, pod, content, path }) {
    const target = containerTarget(context, container, pod)
    if (!('pod' in target)) return target
    const why = context.driver().operate('write-file', { ...target, path, content })
    if (why) return refusal(why)
  },
})
export const containerActions: readonly StepDefinition[] = [writes]
