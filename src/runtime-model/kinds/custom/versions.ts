/** v1 before v1beta2 before v1alpha1, the higher number first, everything else last by name. Source: k8s.io/apimachinery pkg/version/helpers.go. */
export function preferred({ name: a }: { readonly name: string }, { name: b }: { readonly name: string }): number {
  const x = rank(a), y = rank(b)
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return y[i] - x[i]
  return a < b ? -1 : a > b ? 1 : 0
}
/** What a deprecated version says beside that. Source: apiextensions pkg/apiserver/customresource_handler.go (defaultDeprecationWarning). */
export function successorOf({ spec: { group, names, versions } }: any, version: any): string {
  const [best] = versions.filter((v: any) => v.served && !v.deprecated && preferred(v, version) < 0).sort(preferred)
  return best ? `; use ${group}/${best.name} ${names.kind}` : ''
}
function rank(version: string): readonly [stage: number, major: number, minor: number] {
  const m = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  return m ? [m[2] === undefined ? 3 : m[2] === 'beta' ? 2 : 1, Number(m[1]), Number(m[3] ?? 0)] : [0, 0, 0]
}
