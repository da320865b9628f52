import type { StepContext } from '../kernel/actor.ts'
import type { ApiRequest, ApiResponse } from '../api/request.ts'
import { decide } from './authorization.ts'
import { rulesOf } from './rbac.ts'
import type { User } from './state.ts'
import type { WatchCache } from './watch-cache.ts'

/**
 * Questions about rights, answered from the same authorizers and stored nowhere: what `kubectl auth can-i` and `whoami` ask.
 * Source: pkg/registry/authorization, pkg/registry/authentication/selfsubjectreview.
 */
type Review = (cache: WatchCache, request: ApiRequest, user: User, context: StepContext) => ApiResponse

export const reviews: Readonly<Record<string, Review>> = {
  'selfsubjectaccessreviews.authorization.k8s.io': (cache, request, user) => review(cache, request, user),
  'subjectaccessreviews.authorization.k8s.io': (cache, request) => review(cache, request, named(request.body?.spec)),
  'localsubjectaccessreviews.authorization.k8s.io': (cache, request) => review(cache, request, named(request.body?.spec)),
  'selfsubjectrulesreviews.authorization.k8s.io': (cache, { body }, user) => created({ ...body, metadata: {}, status: ruleStatus(cache, user, body?.spec?.namespace ?? '') }),
  'selfsubjectreviews.authentication.k8s.io': (_cache, { body }, user) => created({ ...body, metadata: {}, status: { userInfo: { username: user.name, groups: user.groups } } }),
  'tokenreviews.authentication.k8s.io': (_cache, { body }) => created({ ...body, metadata: {}, status: { authenticated: false, user: {}, error: '[invalid bearer token, token lookup failed]' } }),
}
const created = (body: any): ApiResponse => ({ code: 201, body })
const named = (spec: any): User => ({ name: spec?.user ?? '', groups: spec?.groups ?? spec?.group ?? [] })

function review(cache: WatchCache, { body }: ApiRequest, user: User): ApiResponse {
  const asked = body?.spec?.resourceAttributes, path = body?.spec?.nonResourceAttributes
  const { allowed, reason } = decide(cache, {
    user, verb: asked?.verb ?? path?.verb ?? '', group: asked?.group ?? '', resource: asked?.resource ?? '', subresource: asked?.subresource || undefined,
    namespace: asked?.namespace || undefined, name: asked?.name || undefined, path: path?.path,
  })
  return created({ ...body, metadata: body?.metadata ?? {}, status: { allowed, ...reason ? { reason } : undefined } })
}

function ruleStatus(cache: WatchCache, user: User, namespace: string): any {
  const rules = user.groups.includes('system:masters') ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }, ...rulesOf(cache, user, namespace)] : rulesOf(cache, user, namespace)
  return {
    resourceRules: rules.filter(r => r.resources?.length).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...resourceNames?.length ? { resourceNames } : undefined })),
    nonResourceRules: rules.filter(r => r.nonResourceURLs?.length).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: false,
  }
}
