import type { FileSubject } from '../../dsl/step-ast.ts'
import type { PredicateContext, PredicateDefinition, PredicateResult, ResolvedSubject } from '../../extension.ts'
import { definePredicate } from '../../extension.ts'
import { NotModelled } from '../errors.ts'
import { holdsIf, moot, no } from './support.ts'

/** null: it was removed */
const contentOf = ({ ast, object }: ResolvedSubject, { driver }: PredicateContext): string | null | undefined =>
  driver.nodeTruth.file(object.metadata.uid, (ast as FileSubject).container.container, (ast as FileSubject).path)
const missing = ({ ast }: ResolvedSubject): string => `there is no file ${(ast as FileSubject).path}`

const content = definePredicate({
  id: 'content', phrases: ['has content {text}'], subjects: ['file'], volatile: true, doc: 'What the file holds.',
  examples: ['file "/data/x" in container app of pod db-0 has content "hello"'],
  test(subject, { text }, at) {
    const found = subject.object && contentOf(subject, at)
    return found === undefined || found === null ? moot(missing(subject)) : holdsIf(found === text, () => JSON.stringify(found))
  },
})

/** Volumes hold what was written, and begin with nothing; what stands in an image, or has always been on a machine, is not known. */
const beginEmpty = ['emptyDir', 'persistentVolumeClaim', 'ephemeral', 'csi', 'configMap', 'secret', 'projected', 'downwardAPI']
export function isThere(subject: ResolvedSubject, at: PredicateContext): PredicateResult {
  const { object, ast, label } = subject, { path, container } = ast as FileSubject
  if (!object) return moot(`there is no ${label.slice(label.indexOf(' in ') + 4)}`)
  const found = contentOf(subject, at)
  if (found !== undefined) return found === null ? no(missing(subject)) : true
  const mounts: readonly any[] = [...object.spec.containers, ...object.spec.initContainers ?? []].find(c => c.name === container.container)?.volumeMounts ?? []
  const [mount] = mounts.filter(m => path.startsWith(`${m.mountPath.replace(/\/$/, '')}/`)).sort((a, b) => b.mountPath.length - a.mountPath.length)
  const volume = object.spec.volumes?.find((v: any) => v.name === mount?.name)
  if (!volume || !beginEmpty.some(source => volume[source])) throw new NotModelled(`whether ${path} is in container ${container.container}, beside its volumes`)
  return no(missing(subject))
}
export const isNotThere = (subject: ResolvedSubject, at: PredicateContext): PredicateResult => {
  const there = isThere(subject, at)
  return there === true ? no('it is there') : 'no' in there && there.moot === undefined ? true : there
}
export const files: readonly PredicateDefinition[] = [content]
