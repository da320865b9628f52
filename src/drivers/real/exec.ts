import { Writable } from 'node:stream'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Executed, ExecTarget } from '../driver.ts'

/** so long may a program run, ms */
const longestMs = 60_000

/** Runs a program in a container through the API server, as `kubectl exec` does. Source: client-go tools/remotecommand (exit codes are causes of a Status) */
export async function runIn(config: KubeConfig, { namespace, name, container }: ExecTarget, command: readonly string[]): Promise<Executed> {
  const { Exec } = await import('@kubernetes/client-node'), out = gathering(), err = gathering()
  return new Promise(done => {
    const failed = (error: unknown): void => done({ error: (error as Error | undefined)?.message || 'the connection failed' })
    const timer = setTimeout(() => done({ error: `it has run for ${longestMs / 1000} s` }), longestMs)
    new Exec(config).exec(namespace, name, container, [...command], out.stream, err.stream, null, false, status => {
      clearTimeout(timer)
      const code = status.details?.causes?.find(c => c.reason === 'ExitCode')?.message
      const base = { stdout: out.text(), stderr: err.text() }
      if (status.status === 'Success') done({ ...base, code: 0 })
      else done(code === undefined ? { error: status.message ?? 'unknown' } : { ...base, code: Number(code) })
    }).then(socket => { socket.onclose = () => failed(new Error('the connection was closed')) }, error => { clearTimeout(timer); failed(error) })
  })
}
function gathering(): { readonly stream: Writable; text(): string } {
  const parts: Buffer[] = []
  return { stream: new Writable({ write(part, _, done) { parts.push(part); done() } }), text: () => Buffer.concat(parts).toString('utf8') }
}
