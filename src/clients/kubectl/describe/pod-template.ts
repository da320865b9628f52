import { selectorText } from '../selector.ts'
import { describeContainers } from './containers.ts'
import type { Page } from './page.ts'
import { describeVolumes } from './volumes.ts'

/** The `Pod Template:` block of everything that makes pods. Source: describe.go, DescribePodTemplate. */
export function describePodTemplate(page: Page, template: any, level: number): void {
  page.line(level, 'Pod Template:')
  if (!template) { page.line(level + 1, '<unset>'); return }
  const spec = template.spec ?? {}
  page.pairs('Labels', template.metadata?.labels, level + 1)
  if (Object.keys(template.metadata?.annotations ?? {}).length > 0) page.annotations('Annotations', template.metadata.annotations, level + 1)
  if (spec.serviceAccountName) page.line(level + 1, 'Service Account:', spec.serviceAccountName)
  if (spec.initContainers?.length) describeContainers(page, 'Init Containers', spec.initContainers, undefined, undefined, '  ')
  describeContainers(page, 'Containers', spec.containers ?? [], undefined, undefined, '  ')
  describeVolumes(page, spec.volumes ?? [], '  ')
  describeSpread(page, spec.topologySpreadConstraints ?? [], '  ')
  if (spec.priorityClassName) page.line(level + 1, 'Priority Class Name:', spec.priorityClassName)
  page.pairs('Node-Selectors', spec.nodeSelector, level + 1)
  describeTolerations(page, spec.tolerations ?? [], '  ')
}

export function describeTolerations(page: Page, tolerations: readonly any[], space: string): void {
  if (tolerations.length === 0) { page.write(`${space}Tolerations:\t<none>\n`); return }
  const sorted = [...tolerations].sort((a, b) => (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0)
  sorted.forEach((t, i) => page.write(`${i === 0 ? `${space}Tolerations:` : ''}\t${tolerationText(t)}\n`))
}
function tolerationText({ key = '', value = '', effect = '', operator = '', tolerationSeconds }: any): string {
  const exists = operator === 'Exists' && value === '' ? key === '' && effect === '' ? 'op=Exists' : ' op=Exists' : ''
  return `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}${exists}${tolerationSeconds !== undefined ? ` for ${tolerationSeconds}s` : ''}`
}

export function describeSpread(page: Page, constraints: readonly any[], space: string): void {
  const sorted = [...constraints].sort((a, b) => a.topologyKey < b.topologyKey ? -1 : 1)
  sorted.forEach((c, i) => page.write(
    `${space}${i === 0 ? 'Topology Spread Constraints:' : ''}\t${c.topologyKey}:${c.whenUnsatisfiable} when max skew ${c.maxSkew} is exceeded${c.labelSelector ? ` for selector ${selectorText(c.labelSelector)}` : ''}\n`
  ))
}
