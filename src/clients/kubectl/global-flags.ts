import { NotModelled } from '../errors.ts'
import type { Impersonation } from '../../runtime-model/api/request.ts'
import { failure } from './errors.ts'
import { absent, array, bool, duration, durationMs, inert, int, text, type Flags, type FlagTable } from './flags.ts'
import type { Session } from './session.ts'

/** The flags of every command. Sources: cli-runtime pkg/genericclioptions/config_flags.go, kubectl pkg/cmd/cmd.go, pkg/cmd/profiling.go, k8s.io/klog. */
export const everyVerb: FlagTable = {
  namespace: text('n'), context: text(), as: text(), 'as-group': array(), 'request-timeout': text(undefined, '0'), v: { ...int('0'), short: 'v' },
  cluster: text(), user: text(), 'warnings-as-errors': bool(),
  'as-uid': text(), 'as-user-extra': array(), kubeconfig: text(), server: absent(text('s')), token: text(),
  username: text(), password: text(), 'certificate-authority': text(), 'client-certificate': text(),
  'client-key': text(), 'insecure-skip-tls-verify': inert(bool()), 'tls-server-name': absent(text()), kuberc: inert(text()),
  profile: absent(text(undefined, 'none')), 'profile-output': inert(text(undefined, 'profile.pprof')), 'match-server-version': absent(bool()),
  version: absent(bool()), vmodule: absent(text()),
  'cache-dir': inert(text(undefined, '$HOME/.kube/cache')), 'disable-compression': inert(bool()), 'log-flush-frequency': inert(duration('5s')),
}

/** How long a single answer may take, 0: as long as it likes; a bare number is in seconds. Source: client-go tools/clientcmd/helpers.go (ParseTimeout). */
export function requestTimeoutMs(flags: Flags): number | undefined {
  const value = flags.text('request-timeout')
  return /^\d+$/.test(value) ? Number(value) * 1000 : value.startsWith('-') ? undefined : durationMs(value)
}

/** Whom the flags say that the request is to be taken for. Source: client-go tools/clientcmd/overrides.go, transport/round_trippers.go */
export function impersonationOf(flags: Flags): Impersonation | undefined {
  if (flags.text('as') === '') return undefined
  const extra: Record<string, string[]> = {}
  for (const pair of flags.list('as-user-extra')) {
    const at = pair.indexOf('='), key = pair.slice(0, at).toLowerCase()
    if (at >= 0) extra[key] = [...extra[key] ?? [], pair.slice(at + 1)]
  }
  return {
    user: flags.text('as'), groups: flags.list('as-group'), ...flags.text('as-uid') === '' ? {} : { uid: flags.text('as-uid') },
    ...Object.keys(extra).length > 0 ? { extra } : {},
  }
}

/** What the flags of every command say that nobody could do. Source: client-go tools/clientcmd (client_config.go, overrides.go). */
export function checkGlobals(session: Session, flags: Flags): void {
  if (['as-uid', 'as-user-extra', 'as-group'].some(name => flags.text(name) !== '') && flags.text('as') === '') {
    throw failure(`requesting uid, groups or user-extra for ${session.user} without impersonating a user`)
  }
  if (requestTimeoutMs(flags) === undefined) {
    throw failure(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)'
    )
  }
  // from 3 on client-go tells what it does
  if (flags.int('v') > 2) throw new NotModelled(`kubectl --v=${flags.text('v')}: what kubectl logs of itself`)
}
