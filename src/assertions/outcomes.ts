import { mustBeAble } from '../drivers/driver.ts'
import type { OutcomeSubject } from '../dsl/step-ast.ts'
import type { ApiResponse } from '../runtime-model/api/request.ts'
import { isOk } from '../runtime-model/api/request.ts'
import { ShowsNothing } from './errors.ts'
import type { Place } from './subjects/index.ts'

/** What an action brought, told the same way whether it was a request or a command line. */
export interface Outcome {
  readonly ok: boolean
  /** HTTP code of the (last) answer; 0: nobody answered */
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  /** stdout and stderr together */
  readonly printed?: string
  readonly exit?: number
}

const ofResponse = (response: ApiResponse): Pick<Outcome, 'code' | 'reason' | 'message'> =>
  ({ code: response.code, reason: response.body?.reason ?? response.failure, message: response.body?.message })

export function outcomeOf({ of, description }: OutcomeSubject, { driver, context }: Place): Outcome {
  const { lastCommand, lastRequest } = context
  if (of === 'last command') {
    if (!lastCommand) throw new ShowsNothing('no command has been run yet')
    return {
      ok: lastCommand.code === 0, printed: lastCommand.stdout + lastCommand.stderr, exit: lastCommand.code,
      ...(lastRequest ? ofResponse(lastRequest.response) : {}),
    }
  }
  if (of === 'last request') {
    if (!lastRequest) throw new ShowsNothing('the latest action has sent no request')
    return { ok: isOk(lastRequest.response), ...ofResponse(lastRequest.response), printed: lastCommand ? lastCommand.stdout + lastCommand.stderr : undefined }
  }
  let found: Outcome | undefined
  const asked = new Set<number>()
  for (const o of driver.history()) {
    if (o.type === 'request' && o.what === description) { asked.add(o.request); found = { ok: false, code: 0, message: 'not answered' } }
    if (o.type === 'answer' && (asked.has(o.request) || o.what === description)) {
      found = { ok: o.code >= 200 && o.code < 300, code: o.code, reason: o.reason, message: o.message }
    }
  }
  // of what others than the scenario ask nothing may be seen
  if (!found) mustBeAble(driver, 'calls')
  if (!found) throw new ShowsNothing(`no request "${description}" has reached an API server`)
  return found
}
