import { failure } from '../../errors.ts'
import type { Session } from '../../session.ts'
import { goText } from '../custom-columns.ts'
import type { Ordered } from '../field-order.ts'
import { orderedCompactJson } from '../json.ts'
import { execute, Unfit } from './execute.ts'
import { functions } from './functions.ts'
import { Misread, parseTemplate } from './parse.ts'
import type { Parsed } from './tree.ts'

/** `-o go-template`; `strict`: a key that a map lacks is an error. Source: cli-runtime pkg/printers/template.go. */
export function goTemplate(template: string, strict: boolean): (session: Session, data: unknown, order: (data: unknown) => Ordered) => void {
  const parsed = read(template)
  return (session, data, order) => {
    try { execute(parsed, data, strict, text => { session.stdout += text }) } catch (error) {
      throw error instanceof Unfit ? told(session, template, data, order(data), error) : error
    }
  }
}
function read(template: string): Parsed {
  try { return parseTemplate(template, Object.keys(functions)) } catch (error) {
    if (!(error instanceof Misread)) throw error
    throw failure(`error parsing template ${template}, template: output:${error.line}: ${error.message}`)
  }
}
/** What has been written stays, and the data is shown behind it. */
function told(session: Session, template: string, data: unknown, ordered: Ordered, { at, node, message, template: name }: Unfit): Error {
  const before = template.slice(0, at), line = before.split('\n').length, column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1))
  const why = `template: output:${line}:${column}: executing ${JSON.stringify(name)} at <${node}>: ${message}`
  session.stdout += `Error executing template: ${why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${orderedCompactJson(ordered)}\n\tobject given to template engine was:\n\t\t${goText(data)}\n\n`
  return failure(`error executing template ${JSON.stringify(template)}: ${why}`)
}
