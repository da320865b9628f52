import { compareQuantities, milliOf } from '../../api/quantity.ts'
import { podLimits, podRequests } from '../../kinds/pod-spec/resources.ts'

/** What a LimitRange has to say against an object. Source: plugin/pkg/admission/limitranger/admission.go (minConstraint, maxConstraint, …). */
type Amounts = Readonly<Record<string, string>> | undefined

export function constraintErrors(kind: string, object: any, limits: readonly any[]): string[] {
  return limits.flatMap(limit => {
    if (kind === 'PersistentVolumeClaim') return limit.type === kind ? claimErrors(limit, object.spec?.resources?.requests) : []
    if (limit.type === 'Container') {
      return [...object.spec.containers, ...object.spec.initContainers ?? []].flatMap(c => errorsOf(limit, c.resources?.requests, c.resources?.limits))
    }
    if (limit.type === 'Pod') return errorsOf(limit, podRequests(object.spec), podLimits(object.spec))
    return []
  })
}

function errorsOf(limit: any, requests: Amounts, limits: Amounts): string[] {
  const each = (amounts: Amounts, check: (name: string, bound: string) => string | undefined): string[] =>
    Object.keys(amounts ?? {}).sort().flatMap(name => check(name, amounts![name]) ?? [])
  return [
    ...each(limit.min, (name, bound) => tooLittle(limit.type, name, bound, requests?.[name], limits?.[name])),
    ...each(limit.max, (name, bound) => tooMuch(limit.type, name, bound, requests?.[name], limits?.[name])),
    ...each(limit.maxLimitRequestRatio, (name, bound) => badRatio(limit.type, name, bound, requests?.[name], limits?.[name])),
  ]
}

function tooLittle(type: string, name: string, bound: string, request: string | undefined, limit: string | undefined): string | undefined {
  const text = `minimum ${name} usage per ${type} is ${bound}`
  if (request === undefined) return `${text}.  No request is specified`
  if (compareQuantities(request, bound) < 0) return `${text}, but request is ${request}`
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${text}, but limit is ${limit}` : undefined
}
function tooMuch(type: string, name: string, bound: string, request: string | undefined, limit: string | undefined): string | undefined {
  const text = `maximum ${name} usage per ${type} is ${bound}`
  if (limit === undefined) return `${text}.  No limit is specified`
  if (compareQuantities(limit, bound) > 0) return `${text}, but limit is ${limit}`
  return request !== undefined && compareQuantities(request, bound) > 0 ? `${text}, but request is ${request}` : undefined
}
function badRatio(type: string, name: string, bound: string, request: string | undefined, limit: string | undefined): string | undefined {
  const text = `${name} max limit to request ratio per ${type} is ${bound}`
  if (request === undefined || milliOf(request) === 0) return `${text}, but no request is specified or request is 0`
  if (limit === undefined || milliOf(limit) === 0) return `${text}, but no limit is specified or limit is 0`
  const ratio = milliOf(limit) / milliOf(request)
  return ratio * 1000 > milliOf(bound) ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : undefined
}
function claimErrors(limit: any, requests: Amounts): string[] {
  return [
    ...Object.keys(limit.min ?? {}).sort().flatMap(name => tooLittle(limit.type, name, limit.min[name], requests?.[name], undefined) ?? []),
    ...Object.keys(limit.max ?? {}).sort().flatMap(name => {
      const request = requests?.[name], text = `maximum ${name} usage per ${limit.type} is ${limit.max[name]}`
      if (request === undefined) return [`${text}.  No request is specified`]
      return compareQuantities(request, limit.max[name]) > 0 ? [`${text}, but request is ${request}`] : []
    }),
  ]
}
