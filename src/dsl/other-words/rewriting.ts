/** `$K` stands for a kind and a name, `$N` for a node, `$S` for any subject, `$Q` for a text in quotes, `$V` for a value. */
const parts: Readonly<Record<string, string>> = {
  $K: '((?:the )?[A-Za-z.]+[ /]"?[a-z0-9][\\w./-]*"?(?: in namespace [\\w-]+)?)', $N: '(?:the )?(?:node )?([a-z0-9][\\w.-]*)', $S: '(.+?)', $Q: '("[^"]*")',
  $V: '"?([\\w.:/-]+)"?',
}
export type Rewriting = readonly [pattern: RegExp, ...instead: readonly string[]]
export const said = (pattern: string, ...instead: readonly string[]): Rewriting =>
  [new RegExp(`^${pattern.replace(/\$[KNSQV]/g, part => parts[part])}$`, 'i'), ...instead]
export const component = 'api[- ]?server|kube-apiserver|scheduler|kube-scheduler|controller[- ]manager|kube-controller-manager|control plane|etcd'
export const be = '(?:is|are|be|was|were|becomes?|gets?)'
