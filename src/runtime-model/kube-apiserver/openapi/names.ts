/** `io.k8s.api.core.v1.Pod` of core.v1.Pod: as the Go package of a type names it. Source: k8s.io/apiserver pkg/endpoints/openapi (DefinitionNamer) */
export function schemaName(type: string): string {
  const group = type.split('.', 1)[0]
  return `${packages[group] ?? 'io.k8s.api'}.${type}`
}
const packages: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis', apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis', apiregistration: 'io.k8s.kube-aggregator.pkg.apis',
}
export const meta = (kind: string): string => schemaName(`meta.v1.${kind}`)

export interface Reference { readonly $ref: string }
const components = '#/components/schemas/'
export const refTo = (name: string): Reference => ({ $ref: components + name })
export const referred = ({ $ref }: Reference): string => $ref.slice(components.length)
