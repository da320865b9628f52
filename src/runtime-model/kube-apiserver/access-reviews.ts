import { accountOfToken } from './account-tokens.ts'
import type { StepContext } from '../kernel/actor.ts'
import type { ApiRequest, ApiResponse } from '../api/request.ts'
import { expandManagedFields } from '../api/managed-fields.ts'
import { badRequest, invalid, type Status } from '../api/status.ts'
import { formatTime } from '../api/time.ts'
import { internalJson, type FieldError, type KindDefinition } from '../kinds/index.ts'
import { decide } from './authorization.ts'
import { managerOf } from './create.ts'
import { updateManagedFields } from './patch/index.ts'
import { rulesOf, whyAllowed, type Action } from './rbac.ts'
import type { User } from './state.ts'
import type { WatchCache } from './watch-cache.ts'

/**
 * Questions about rights, answered from the same authorizers and stored nowhere: what `kubectl auth can-i` and `whoami` ask.
 * Source: pkg/registry/authorization, pkg/registry/authentication/selfsubjectreview.
 */
type Review = (cache: WatchCache, request: ApiRequest, user: User, context: StepContext) => ApiResponse

export const reviews: Readonly<Record<string, Review>> = {
  'selfsubjectaccessreviews.authorization.k8s.io': (cache, request, user) => review(cache, request, user, reviewProblems(request.body, false)),
  'subjectaccessreviews.authorization.k8s.io': (cache, request) => review(cache, request, named(request.body.spec), reviewProblems(request.body, true)),
  'localsubjectaccessreviews.authorization.k8s.io': (cache, request) => review(cache, request, named(request.body.spec), localProblems(request)),
  'selfsubjectrulesreviews.authorization.k8s.io': (cache, { body }, user) => body.spec.namespace
    ? created({ ...body, metadata: {}, spec: {}, status: ruleStatus(cache, user, body.spec.namespace) })
    : refused(badRequest('no namespace on request')),
  'selfsubjectreviews.authentication.k8s.io': (_cache, { body }, user, { wallMs }) =>
    created({
      ...body, metadata: { creationTimestamp: formatTime(wallMs) },
      status: {
        userInfo: {
          username: user.name, ...user.uid ? { uid: user.uid } : undefined, groups: user.groups, ...user.extra ? { extra: user.extra } : undefined,
        },
      },
    }),
  'tokenreviews.authentication.k8s.io': (cache, { body }, _user, { wallMs }) => body.spec.token
    ? created({ ...body, status: tokenStatus(cache, body.spec, wallMs) })
    : refused(badRequest('token is required for TokenReview in authentication')),
}
/** A review as its validation sees it: without what a server sets, in the namespace of its URL, and with who wrote it. Source: handlers/create.go */
export function asReviewed(kind: KindDefinition, object: any, request: ApiRequest, nowText: string): any {
  const {
    uid: _u, selfLink: _s, creationTimestamp: _c, deletionTimestamp: _d, deletionGracePeriodSeconds: _g, managedFields: _m, namespace: _n, ...kept
  } = object.metadata ?? {}
  const metadata = { ...kept, ...kind.namespaced ? { namespace: request.namespace } : undefined }
  const noted = updateManagedFields(kind, undefined, { ...object, metadata }, { manager: managerOf(request), operation: 'Update', nowText, given: object })
  const managedFields = expandManagedFields(noted)
  return { ...object, metadata: managedFields.length > 0 ? { ...metadata, managedFields } : metadata }
}
function tokenStatus(cache: WatchCache, { token, audiences: wanted = [] }: any, wallMs: number): object {
  const found = accountOfToken(cache, token, wallMs, wanted.length > 0 ? wanted : undefined)
  if (typeof found === 'string') return { user: {}, error: found }
  const { user: { name: username, uid, groups, extra }, audiences } = found
  return { authenticated: true, user: { username, uid, groups: [...groups, 'system:authenticated'], extra }, audiences }
}
const created = (body: any): ApiResponse => ({ code: 201, body })
const refused = (status: Status): ApiResponse => ({ code: status.code, body: status })
const named = (spec: any): User => ({ name: spec.user ?? '', groups: spec.groups ?? [] })

function review(cache: WatchCache, { body }: ApiRequest, user: User, problems: readonly FieldError[]): ApiResponse {
  // nobody has told the answer of which kind it is
  if (problems.length > 0) return refused(invalid({ group: 'authorization.k8s.io', kind: '' }, '', problems))
  const { resourceAttributes: asked, nonResourceAttributes: path } = body.spec
  const action: Action = {
    user, verb: asked?.verb ?? path?.verb ?? '', group: asked?.group ?? '', resource: asked?.resource ?? '', subresource: asked?.subresource || undefined,
    namespace: asked?.namespace || undefined, name: asked?.name || undefined, path: path?.path,
  }
  const { allowed, reason: why } = decide(cache, action), reason = allowed && !user.groups.includes('system:masters') ? whyAllowed(cache, action) : why
  return created({ ...body, status: { allowed, ...reason ? { reason } : undefined } })
}

/** Source: pkg/apis/authorization/validation/validation.go */
function reviewProblems({ metadata, spec }: any, ofSomebody: boolean, inNamespace = false): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec
  const wrong = (field: string, value: unknown, why: string): FieldError =>
    ({ type: 'FieldValueInvalid', field, body: `Invalid value: ${JSON.stringify(value)}: ${why}` })
  const errors: FieldError[] = [], { namespace: _n, managedFields: _m, ...meta } = metadata
  if (resourceAttributes && nonResourceAttributes)
    errors.push(wrong(
      'spec.nonResourceAttributes', internalJson('authorization.v1.NonResourceAttributes', nonResourceAttributes),
      'cannot be specified in combination with resourceAttributes'
    ))
  else if (!resourceAttributes
    && !nonResourceAttributes) errors.push(wrong(
      'spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    ))
  for (const which of ['fieldSelector', 'labelSelector']) {
    const selector = resourceAttributes?.[which]
    if (selector?.rawSelector && selector.requirements?.length) {
      errors.push(wrong(`spec.resourceAttributes.${which}.rawSelector`, selector.rawSelector, 'may not specified at the same time as requirements'))
    }
  }
  if (ofSomebody && !spec.user && !spec.groups?.length) errors.push(wrong('spec.user', '', 'at least one of user or group must be specified'))
  if (Object.keys(meta).length > 0) errors.push(wrong('metadata', inOrder(metadata), `must be empty${inNamespace ? ' except for namespace' : ''}`))
  return errors
}
const metaFields = [
  'name', 'generateName', 'namespace', 'resourceVersion', 'generation', 'labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields',
]
const inOrder = (metadata: any): any =>
  Object.fromEntries(metaFields.filter(field => metadata[field] !== undefined).map(field => [field, metadata[field]]))
function localProblems({ body, namespace = '' }: ApiRequest): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = body.spec, errors = reviewProblems(body, true, true)
  if (resourceAttributes && (resourceAttributes.namespace ?? '') !== namespace) {
    errors.push({
      type: 'FieldValueInvalid', field: 'spec.resourceAttributes.namespace',
      body: `Invalid value: ${JSON.stringify(resourceAttributes.namespace ?? '')}: must match metadata.namespace`,
    })
  }
  if (nonResourceAttributes) {
    errors.push({
      type: 'FieldValueInvalid', field: 'spec.nonResourceAttributes',
      body:
        `Invalid value: ${JSON.stringify(internalJson('authorization.v1.NonResourceAttributes', nonResourceAttributes))}: disallowed on this kind of request`,
    })
  }
  return errors
}

function ruleStatus(cache: WatchCache, user: User, namespace: string): any {
  const rules = user.groups.includes('system:masters')
    ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }, ...rulesOf(cache, user, namespace)]
    : rulesOf(cache, user, namespace)
  return {
    resourceRules: rules.filter(r => r.resources?.length).map(({ verbs, apiGroups, resources, resourceNames }) =>
      ({ verbs, apiGroups, resources, ...resourceNames?.length ? { resourceNames } : undefined })),
    nonResourceRules: rules.filter(r => r.nonResourceURLs?.length).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  }
}
