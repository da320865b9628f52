import { Chalk } from 'chalk'
import { stringify } from 'yaml'
import { moment } from '../base/clock.ts'
import type { Driver } from '../drivers/driver.ts'
import { failureLines } from '../reporters/failure-text.ts'
import type { Failure } from '../runner/events.ts'
import type { Inspected } from './inspect.ts'

/** `kscenario why`: the failure as a run tells it, then everything it leaves out. */
export function whyText({ finished, driver }: Inspected, colourLevel: 0 | 1 | 2 | 3): string {
  const chalk = new Chalk({ level: colourLevel }), { scenario, failure } = finished
  const paint = { bad: chalk.red, good: chalk.green, dim: chalk.dim, bold: chalk.bold, warn: chalk.yellow }
  const { why, timeline, ...rest } = failure!
  const heading = (text: string): string => `\n${chalk.bold(text)}\n`
  const sections = [
    `${chalk.red(finished.status)}  ${chalk.bold(scenario.name)}   ${chalk.dim(`${scenario.file}:${scenario.line}  seed ${scenario.seed}`)}\n`,
    failureLines({ ...finished, failure: { ...rest, more: undefined } }, paint).map(l => `${l}\n`).join(''),
    ...(why?.length ? [heading('How it came to be, first cause first'), why.map(l => `  ${l}\n`).join('')] : []),
    ...(timeline?.length ? [heading('What happened'), timelineLines(timeline, chalk.dim)] : []),
    ...(driver ? [components(driver, heading), ...(failure!.objects ?? []).map(o => objectText(driver, o, heading))] : []),
  ]
  return sections.join('')
}

const timelineLines = (timeline: NonNullable<Failure['timeline']>, dim: (text: string) => string): string =>
  timeline.map(e =>
    `  ${dim(moment(e.atMs).padEnd(10))} ${e.text}${e.count && e.count > 1 ? dim(` (${e.count} times${e.untilMs === undefined ? '' : `, until ${moment(e.untilMs)}`})`) : ''}\n`).join('')

/** Who does not run, at the end. */
function components(driver: Driver, heading: (text: string) => string): string {
  const failed = driver.components().filter(c => c.state !== 'up')
  return failed.length === 0 ? '' : `${heading('Components that do not run')}${failed.map(c => `  ${c.component} on ${c.node} is ${c.state}\n`).join('')}`
}

/** An object as it was stored at the end, with the Events about it, as `kubectl get -o yaml` and `kubectl describe` would show them. */
function objectText(driver: Driver, { resource, namespace, name }: NonNullable<Failure['objects']>[number], heading: (text: string) => string): string {
  const object: any = driver.stored(resource, namespace, name), title = `${resource.split('.')[0]}/${name}${namespace ? ` in namespace ${namespace}` : ''}`
  if (!object) return `${heading(title)}  not stored\n`
  const { managedFields: _, ...metadata } = object.metadata
  const events = driver.storedList('events', namespace || 'default').filter((e: any) =>
    e.involvedObject?.name === name && e.involvedObject.kind === (object.kind ?? e.involvedObject.kind))
  const yaml = stringify({ ...object, metadata }, { lineWidth: 160 }).trimEnd().split('\n').map(l => `  ${l}\n`).join('')
  return `${heading(title)}${yaml}${events.length ? `  events:\n${events.map((e: any) => `    ${e.type} ${e.reason}${e.count > 1 ? ` (${e.count} times)` : ''}: ${e.message}\n`).join('')}` : ''}`
}
