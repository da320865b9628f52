import type { Message } from '../kernel/actor.ts'
import type { ApiRequest, ApiResponse, WatchEvent } from './request.ts'

/** client → kube-apiserver: a call; answered by `ResponseMessage`. */
export interface RequestMessage extends Message { readonly type: 'request'; readonly id: number; readonly request: ApiRequest }

/** kube-apiserver → client. For a watch that was accepted, `stream` names the stream that follows. */
export interface ResponseMessage extends Message {
  readonly type: 'response'
  readonly replyTo: number
  readonly response: ApiResponse
  readonly stream?: number
}

/**
 * kube-apiserver → client, on a stream. `initial`: the whole current state as ADDED events in one message, up to `revision` (answer to a watch
 * without resourceVersion, as with sendInitialEvents); otherwise the changes after the last message, in order. A 410 arrives as one
 * ERROR event, after which the stream is closed.
 */
export interface WatchMessage extends Message {
  readonly type: 'watch'
  readonly stream: number
  readonly events: readonly WatchEvent[]
  readonly revision: number
  readonly initial?: boolean
  /** resources of `besides` of which there is something to tell now */
  readonly stirred?: readonly string[]
}

export const isResponse = (message: Message): message is ResponseMessage => message.type === 'response'
export const isWatch = (message: Message): message is WatchMessage => message.type === 'watch'
