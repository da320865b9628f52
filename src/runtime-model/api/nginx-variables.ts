import type { HttpRequest } from './http-proxy.ts'

/**
 * A text with nginx's variables in place of which stands what a request says. `unknown`: a variable that nothing is known of; `client`: one of them is the
 * address of who asks, which is left as it stands. Source: https://nginx.org/en/docs/http/ngx_http_core_module.html#variables; ingress-nginx
 * rootfs/etc/nginx/template/nginx.tmpl ($best_http_host, $pass_access_scheme, $escaped_request_uri)
 */
export function expand(template: string, request: HttpRequest): { readonly text: string; readonly unknown?: string; readonly client: boolean } {
  let unknown: string | undefined, client = false
  const text = template.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, bare) => {
    const name: string = braced ?? bare, value = valueOf(name, request)
    if (addresses.includes(name)) client = true
    else if (value === undefined) unknown ??= all
    return value ?? all
  })
  return { text, ...unknown === undefined ? undefined : { unknown }, client }
}
const addresses = ['remote_addr', 'binary_remote_addr']

function valueOf(name: string, { scheme, host, path, method = 'GET', headers = {}, query = {} }: HttpRequest): string | undefined {
  const args = Object.entries(query).map(([key, value]) => value === '' ? key : `${key}=${value}`).join('&'), uri = args === '' ? path : `${path}?${args}`
  switch (name) {
    case 'host': case 'http_host': case 'best_http_host': return host
    case 'scheme': case 'pass_access_scheme': return scheme
    case 'uri': return path
    case 'request_uri': return uri
    case 'escaped_request_uri': return encodeURIComponent(uri)
    case 'args': case 'query_string': return args
    case 'request_method': return method
  }
  if (name.startsWith('arg_')) return query[name.slice('arg_'.length)] ?? ''
  return name.startsWith('http_') ? headers[name.slice('http_'.length).replaceAll('_', '-')] ?? '' : undefined
}
