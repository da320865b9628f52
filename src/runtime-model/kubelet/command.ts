import type { CriCall } from '../api/cri.ts'
import { expanded } from '../api/expansion.ts'

type Started = Pick<Extract<CriCall, { call: 'create' }>, 'command' | 'args' | 'env' | 'messagePath' | 'logsTell'>
const nothing: Started = {}

/**
 * What the runtime is told of a container's program: its command and arguments with `$(NAME)` filled in, the variables that its spec itself gives a value, and
 * how it tells why it has ended. Approximate: variables from elsewhere (`valueFrom`, `envFrom`, Services) are not among them, and stay as they are written. What
 * somebody is attached to ends when they have done with it (clients/kubectl/create/attached.ts).
 * Source: pkg/kubelet/container/helpers.go (ExpandContainerCommandAndArgs)
 */
export function programFor({ command, args, env, stdin, terminationMessagePath, terminationMessagePolicy }: any): Started {
  const logsTell = terminationMessagePolicy === 'FallbackToLogsOnError'
  if (stdin || !command && !args) return logsTell ? { logsTell } : nothing
  const known = new Map<string, string>(), filled = (text: string): string => text.includes('$') ? expanded(text, name => known.get(name)) : text
  for (const { name, value = '', valueFrom } of env ?? []) if (valueFrom) known.delete(name); else known.set(name, filled(value))
  return {
    command: command?.map(filled), args: args?.map(filled), logsTell, messagePath: terminationMessagePath,
    ...known.size > 0 ? { env: Object.fromEntries(known) } : undefined,
  }
}
