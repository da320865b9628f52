import type { FieldError, KindDefinition } from './kind.ts'
import { kindFromData } from './kind-from-data.ts'
import type { KindRules } from './kind-from-data.ts'
import { age } from './meta/cells.ts'

/** A custom resource of one's own: its names, and its rules where it has any. */
export interface OwnKind extends Omit<KindRules, 'resource' | 'version' | 'modelled' | 'cells' | 'generation'> {
  readonly group: string
  readonly version: string
  readonly kind: string
  /** default: the kind in lower case, and an s */
  readonly plural?: string
  readonly singular?: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  /** default: true */
  readonly namespaced?: boolean
  /** is status a subresource? default: true */
  readonly status?: boolean
  /** what kubectl prints between NAME and AGE: header → value */
  readonly columns?: Readonly<Record<string, (object: any) => string | number | boolean>>
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/**
 * A kind as a CustomResourceDefinition would bring it: served, stored, spoken of in scenarios, printed by kubectl. Fields are taken as they are
 * written; what is wrong with them `validate` says. Approximate: patches merge as JSON Merge Patch, there is no structural schema and one version.
 */
export function defineKind(own: OwnKind): KindDefinition {
  const {
    group, version, kind, plural = `${kind.toLowerCase()}s`, singular = kind.toLowerCase(), shortNames = [], categories = [], namespaced = true, status = true,
    columns = {}, ...rules
  } = own
  if (!group.includes('.')) throw new TypeError(`kind ${kind}: the group of a custom resource is a domain name, as in example.com`)
  const of = (value: (object: any) => string | number | boolean, object: any): string | number | boolean => {
    try { return value(object) ?? '' } catch { return '' }
  }
  const defined = kindFromData({
    group, version, kind, resource: plural, singular, shortNames, categories, namespaced, verbs,
    subresources: status ? { status: { verbs: ['get', 'patch', 'update'], kind, group, version } } : {},
    columns: [['Name', 'string', 0, 'name'], ...Object.keys(columns).map(name => [name, 'string', 0] as const), ['Age', 'date', 0]],
  }, {
    ...rules, resource: `${plural}.${group}`, generation: true,
    cells: (object, nowMs) => [object.metadata.name, ...Object.values(columns).map(value => of(value, object)), age(object, nowMs)],
  })
  // a custom resource has no status before somebody writes one
  return {
    ...defined,
    beforeCreate: (object, user) => {
      const { status: _, ...fresh } = defined.beforeCreate(object, user)
      return status ? fresh : { ...fresh, ...(object.status === undefined ? {} : { status: object.status }) }
    },
  }
}
/** A complaint about a field, for `validate`: `spec.schedule: Invalid value: "": must be set`. */
export const fieldError = (field: string, body: string, type: FieldError['type'] = 'FieldValueInvalid'): FieldError => ({ type, field, body })
