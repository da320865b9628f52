import type { Driver } from '../../drivers/driver.ts'
import type { ApiRequest, ApiResponse } from '../../runtime-model/api/request.ts'

/**
 * A server that is too busy says when to ask again (Retry-After), and client-go does, ten times before it gives up.
 * Source: k8s.io/client-go rest/with_retry.go; seen with kubectl 1.35.4.
 */
const retries = 10
export async function patiently(driver: Driver, request: ApiRequest): Promise<ApiResponse> {
  for (let tries = 0;; tries++) {
    const answer = await driver.request(request), seconds: number | undefined = answer.body?.details?.retryAfterSeconds
    if (answer.code !== 429 || !seconds || tries === retries) return answer
    await driver.advance(seconds * 1000)
  }
}

/** What a busy server says is plain text, so that client-go words it. Source: apimachinery pkg/api/errors (NewGenericServerResponse) */
export const busy = 'the server has received too many requests and has asked us to try again later'
export const isBusy = ({ code, body }: ApiResponse): boolean => code === 429 && body?.message === 'Too many requests, please try again later.'
