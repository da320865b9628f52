import { compactRules, goList, resourceText } from '../policy-rules.ts'
import type { Describer } from './describer.ts'

/** Sources: describe.go, RoleDescriber, RoleBindingDescriber and their cluster twins. */
export const role: Describer = async (page, _, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.pairs('Labels', object.metadata.labels)
  page.annotations('Annotations', object.metadata.annotations)
  page.line(0, 'PolicyRule:')
  page.line(1, 'Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs')
  page.line(1, '---------', '-----------------', '--------------', '-----')
  for (const rule of compactRules(object.rules ?? [])) {
    page.line(1, resourceText(rule), goList(rule.nonResourceURLs), goList(rule.resourceNames), goList(rule.verbs))
  }
}
export const roleBinding: Describer = async (page, _, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.pairs('Labels', object.metadata.labels)
  page.annotations('Annotations', object.metadata.annotations)
  page.line(0, 'Role:')
  page.line(1, 'Kind:', object.roleRef.kind)
  page.line(1, 'Name:', object.roleRef.name)
  page.line(0, 'Subjects:')
  page.line(1, 'Kind', 'Name', 'Namespace')
  page.line(1, '----', '----', '---------')
  for (const s of object.subjects ?? []) page.line(1, s.kind, s.name, s.namespace ?? '')
}
