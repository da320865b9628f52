import type { DiagnosticCode } from '../base/codes.ts'
import { diagnostic, type Diagnostic } from '../base/diagnostic.ts'
import { manifestYaml } from '../base/manifest-yaml.ts'
import type { BoundStep } from '../dsl/bind.ts'
import type { Linted } from './rule.ts'
import { sourcesOf, type Source } from './sources.ts'

/** An object that a step makes by a manifest, and where that stands. */
export interface Made { readonly object: any; readonly step: BoundStep; readonly source: Source }
export function objectsOf(step: BoundStep, linted: Linted): Made[] {
  return sourcesOf(step).flatMap(source => {
    const content = source.type === 'inline' ? source.content : source.manifest ? linted.read(source.path) : undefined
    const read = content === undefined || content === 'folder' ? undefined : manifestYaml(content)
    return read && 'objects' in read ? read.objects.map((object: any) => ({ object, step, source })) : []
  })
}

/** A warning about what a step makes. */
export function told(code: DiagnosticCode, message: string, { step, source, file }: Omit<Made, 'object'> & { readonly file: string }): Diagnostic {
  const column = source.type === 'file' ? source.column : step.column, length = source.type === 'file' ? source.path.length + 2 : step.text.length
  return diagnostic({ code, severity: 'warning', file, span: { line: step.line, column, endColumn: column + length }, message })
}
