import { formatUnits, parseQuantity, unitsOf } from '../../../runtime-model/api/quantity.ts'
import { kindOf } from '../kinds.ts'
import { labelsText } from '../printers/table.ts'
import type { Describer } from './describer.ts'
import { describeEvents } from './events.ts'
import type { Page } from './page.ts'

const head = (page: Page, { metadata }: any, namespaced = true): void => {
  page.line(0, 'Name:', metadata.name)
  if (namespaced) page.line(0, 'Namespace:', metadata.namespace)
  page.pairs('Labels', metadata.labels); page.annotations('Annotations', metadata.annotations)
}
const bytesOf = (base64: string): number => Math.floor(base64.replace(/=+$/, '').length * 3 / 4)

/** Source: describe.go, ConfigMapDescriber. */
export const configMap: Describer = async (page, kind, object) => {
  head(page, object)
  page.write('\nData\n====\n')
  for (const key of Object.keys(object.data ?? {}).sort()) page.write(`${key}:\n----\n${object.data[key]}\n\n`)
  page.write('\nBinaryData\n====\n')
  for (const key of Object.keys(object.binaryData ?? {}).sort()) page.write(`${key}: ${bytesOf(object.binaryData[key])} bytes\n`)
  page.write('\n')
  await describeEvents(page, kind, object)
}
export const secret: Describer = async (page, _, object) => {
  head(page, object)
  page.write(`\nType:\t${object.type}\n\nData\n====\n`)
  for (const key of Object.keys(object.data ?? {}).sort()) {
    page.line(
      0, `${key}:`,
      object.type === 'kubernetes.io/service-account-token' && key === 'token'
        ? Buffer.from(object.data[key], 'base64').toString('utf8')
        : `${bytesOf(object.data[key])} bytes`
    )
  }
}
export const serviceAccount: Describer = async (page, kind, object) => {
  head(page, object)
  // which Secrets a pod may mount and which tokens there are, is no longer told
  const names: readonly string[] = (object.imagePullSecrets ?? []).map((s: any) => s.name), title = 'Image pull secrets:'
  if (names.length === 0) page.line(0, title, '<none>')
  names.forEach((name, i) => page.line(0, i === 0 ? title : ' '.repeat(19), name))
  await describeEvents(page, kind, object)
}
export const priorityClass: Describer = async (page, kind, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.line(0, 'Value:', String(object.value))
  page.line(0, 'GlobalDefault:', String(object.globalDefault === true))
  page.line(0, 'PreemptionPolicy:', object.preemptionPolicy ?? '')
  page.line(0, 'Description:', object.description ?? '')
  page.line(0, 'Annotations:', labelsText(object.metadata.annotations))
  await describeEvents(page, kind, object)
}

/** Source: describe.go, describeNamespace with its quotas and limits. */
export const namespace: Describer = async (page, _, object) => {
  head(page, object, false)
  page.line(0, 'Status:', object.status?.phase ?? '')
  if (object.status?.conditions?.length) {
    page.line(0, 'Conditions:')
    page.line(1, 'Type', 'Status', 'LastTransitionTime', 'Reason', 'Message')
    page.line(1, '----', '------', '------------------', '------', '-------')
    for (const c of object.status.conditions) page.line(1, c.type, c.status, c.lastTransitionTime, c.reason, c.message)
  }
  const quotas = await page.session.list(kindOf('resourcequotas'), { namespace: object.metadata.name })
  const limits = await page.session.list(kindOf('limitranges'), { namespace: object.metadata.name })
  page.write('\n')
  if (quotas.length === 0) page.line(0, 'No resource quota.')
  else {
    page.line(0, 'Resource Quotas')
    for (const q of quotas) { page.line(1, 'Name:', q.metadata.name); quotaScopes(page, q, 1); quotaRows(page, q, 1) }
  }
  page.write('\n')
  if (limits.length === 0) page.line(0, 'No LimitRange resource.')
  else { page.line(0, 'Resource Limits'); limitRows(page, limits, ' ') }
}

function quotaRows(page: Page, { status = {} }: any, level: number): void {
  page.line(level, 'Resource', 'Used', 'Hard'); page.line(level, '--------', level === 0 ? '----' : '---', level === 0 ? '----' : '---')
  for (const name of Object.keys(status.hard ?? {}).sort()) {
    const used: string = status.used?.[name] ?? '0', hard: string = status.hard[name]
    page.line(level, name, level === 0 ? asWritten(used, hard) : used, hard)
  }
}
/** An amount in the form of another: what is written otherwise is told in whole units. Source: describe.go (ResourceQuotaDescriber) */
function asWritten(used: string, hard: string): string {
  const format = parseQuantity(hard)?.format
  return format === undefined || parseQuantity(used)?.format === format ? used : formatUnits(unitsOf(used), format)
}
/** Source: describe.go (helpTextForResourceQuotaScope) */
const scopeTexts: Readonly<Record<string, string>> = {
  Terminating: 'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort: 'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort: 'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}
function quotaScopes(page: Page, { spec }: any, level: number): void {
  const scopes: string[] = [...spec?.scopes ?? []].sort()
  if (scopes.length === 0) return
  page.line(level, 'Scopes:', scopes.join(', '))
  for (const scope of scopes) if (scopeTexts[scope]) page.write(`${'  '.repeat(level) || ' '}* ${scopeTexts[scope]}\n`)
}
export const quota: Describer = async (page, _, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.line(0, 'Namespace:', object.metadata.namespace)
  quotaScopes(page, object, 0)
  quotaRows(page, object, 0)
}

const limitFields = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'] as const
function limitRows(page: Page, ranges: readonly any[], space: string): void {
  const row = (first: string, ...rest: readonly string[]): void => page.line(0, space + first, ...rest)
  row('Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio')
  row('----', '--------', '---', '---', '---------------', '-------------', '-----------------------')
  for (const range of ranges) for (const item of range.spec?.limits ?? []) {
    for (const name of [...new Set(limitFields.flatMap(f => Object.keys(item[f] ?? {})))].sort()) {
      row(item.type, name, ...limitFields.map(f => item[f]?.[name] ?? '-'))
    }
  }
}
export const limitRange: Describer = async (page, _, object) => {
  page.line(0, 'Name:', object.metadata.name)
  page.line(0, 'Namespace:', object.metadata.namespace)
  limitRows(page, [object], '')
}
