import type { FieldError } from '../kind.ts'
import { forbidden, invalid, required } from './errors.ts'
import { qualifiedName, validLabelValue } from '../../api/names.ts'
import { validateLabels } from './object-meta.ts'

/** Rules of a LabelSelector. Source: k8s.io/apimachinery pkg/apis/meta/v1/validation (ValidateLabelSelector). */
export function validateSelector(selector: any, path: string): FieldError[] {
  const errors = validateLabels(selector.matchLabels ?? {}, `${path}.matchLabels`)
  ;(selector.matchExpressions ?? []).forEach((e: any, i: number) => {
    const at = `${path}.matchExpressions[${i}]`, values: readonly string[] = e.values ?? []
    switch (e.operator) {
      case 'In': case 'NotIn': if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")); break
      case 'Exists': case 'DoesNotExist': if (values.length > 0) errors.push(forbidden(
        `${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
      )); break
      default: errors.push(invalid(`${at}.operator`, e.operator, 'not a valid selector operator'))
    }
    for (const text of qualifiedName(e.key)) errors.push(invalid(`${at}.key`, e.key, text))
    values.forEach((v, j) => { for (const text of validLabelValue(v)) errors.push(invalid(`${at}.values[${j}]`, v, text)) })
  })
  return errors
}
