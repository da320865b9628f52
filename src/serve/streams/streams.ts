import { internalError, notModelled, type Status } from '../../runtime-model/api/status.ts'

/** The streams of a session with a container, in whichever protocol its client speaks. */
export interface Streams {
  out(text: string): void
  err(text: string): void
  /** All that the client types, once it types nothing more. */
  read(): Promise<string>
  /** The session is over, and why. */
  end(how: End): void
  /** what to do when the client goes away first */
  onGone(leave: () => void): void
}
/**
 * `code`: with which `words` ended. `failed`: what the kubelet says of a program that has not begun. `refused`: why it took no session. `lacks`: what is not
 * modelled.
 */
export type End = { readonly code: number; readonly words: readonly string[] } | { readonly failed: string } | { readonly refused: string }
  | { readonly lacks: string }

/** A connection that carries bytes both ways. */
export interface Wire {
  send(bytes: Uint8Array): void
  close(): void
  onBytes(take: (bytes: Uint8Array) => void): void
  onGone(leave: () => void): void
}

/**
 * What stands on the error channel. `translated`: an API server has spoken to the kubelet for its client, whose words it takes for a mistake of its own.
 * Sources: apiserver pkg/util/proxy/streamtranslator.go, kubelet pkg/cri/streaming/remotecommand/exec.go
 */
export function statusOf(how: End, translated: boolean): object {
  if ('lacks' in how) return bare(notModelled(how.lacks))
  if ('refused' in how) return bare(internalError(how.refused))
  if ('failed' in how) return bare(internalError(translated ? `Internal error occurred: ${how.failed}` : how.failed))
  if (how.code === 0) return { metadata: {}, status: 'Success' }
  const why = translated ? `command terminated with exit code ${how.code}` : `error executing command [${how.words.join(' ')}], exit code ${how.code}`
  return {
    metadata: {}, status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: String(how.code) }] },
    message: `command terminated with non-zero exit code: ${why}`,
  }
}
function bare({ kind: _, apiVersion: __, ...status }: Status): object { return status }
