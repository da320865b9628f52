import type { KindDefinition } from '../../runtime-model/kinds/kind.ts'
import { ApiError, isNotFound } from './errors.ts'
import type { Session } from './session.ts'

/**
 * What is told of an object that is not there: that its namespace is not there, if that is why. kubectl asks for it itself, but not for `default`. Source:
 * cli-runtime pkg/resource/visitor.go (Info.Get); seen with kubectl 1.35.4.
 */
export async function orNoNamespace(session: Session, error: unknown, kind: KindDefinition, namespace: string | undefined): Promise<unknown> {
  if (!isNotFound(error) || !kind.namespaced || !namespace || namespace === 'default') return error
  const request = { verb: 'get', resource: 'namespaces', name: namespace } as const, answer = await session.quietly(request)
  return answer.code === 404 ? new ApiError({ ...error.request, ...request, group: '', namespace: undefined }, answer) : error
}
