import { describe, expect, it } from 'vitest'
import { findValues, relaxJsonPath, renderJsonPath } from '../src/dsl/jsonpath.ts'

/** The example of https://kubernetes.io/docs/reference/kubectl/jsonpath/ */
const list = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } },
      status: { capacity: { cpu: '4' }, addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }] },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2' },
      status: {
        capacity: { cpu: '8' },
        addresses: [
          { type: 'LegacyHostIP', address: '127.0.0.2' },
          { type: 'another', address: '127.0.0.3' },
        ],
      },
    },
  ],
  users: [
    { name: 'myself', user: {} },
    { name: 'e2e', user: { username: 'admin', password: 'secret' } },
  ],
  n: [0, 1, 2, 3, 4],
  empty: [],
}
const printed = (template: string): string => {
  const rendered = renderJsonPath(template, list)
  return 'text' in rendered ? rendered.text : rendered.error
}

describe('JSONPath as kubectl prints it', () => {
  it.each([
    ['kind is {.kind}', 'kind is List'],
    ['{$.kind}{@.kind}', 'ListList'],
    ["{['kind']}", 'List'],
    ['{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
    ['{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
    ['{.users[0].name}', 'myself'],
    ['{.users[-1:].name}', 'e2e'],
    ['{.users[-1].name}', 'e2e'],
    ['{.n[1:3]}', '1 2'],
    ['{.n[::2]}', '0 2 4'],
    ['{.n[*]}{.empty[*]}', '0 1 2 3 4'],
    ["{.items[*]['metadata.name', 'status.capacity']}", '127.0.0.1 127.0.0.2 {"cpu":"4"} {"cpu":"8"}'],
    ['{.users[?(@.name=="e2e")].user.password}', 'secret'],
    ['{.n[?(@>2)]}', '3 4'],
    ['{.items[?(@.metadata.labels)].metadata.name}', '127.0.0.1'],
    ['{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
    ['{range .items[*]}[{.metadata.name}, {.status.capacity.cpu}]{"\\n"}{end}.', '[127.0.0.1, 4]\n[127.0.0.2, 8]\n.'],
    ['{range .items[*]}{range .status.addresses[*]}{.address};{end}|{end}', '127.0.0.1;|127.0.0.2;127.0.0.3;|'],
    ["{range .empty[*]}x{end}{'y'}", 'y'],
    ['{.users[1].user}', '{"password":"secret","username":"admin"}'],
    ['{.nothing.at.all}', ''],
    ['plain', 'plain'],
    ['{.users[*].*}', 'myself {} e2e {"password":"secret","username":"admin"}'],
  ])('%s → %j', (template, text) => expect(printed(template)).toBe(text))

  it.each([
    ['{.x', 'error parsing jsonpath {.x, unclosed action'],
    ['{.x[}', 'error parsing jsonpath {.x[}, unterminated array'],
    ['{.x[a]}', 'error parsing jsonpath {.x[a]}, invalid array index a'],
    ['{.x[?(@.a=="b"]}', 'error parsing jsonpath {.x[?(@.a=="b"]}, unterminated filter'],
    ['{#}', "error parsing jsonpath {#}, unrecognized character in action: U+0023 '#'"],
    [
      '{.n[?(@.a=="b" && @.c=="d")]}',
      'error parsing jsonpath {.n[?(@.a=="b" && @.c=="d")]}, unrecognized character in action: U+0026 \'&\'',
    ],
    ['{"open}', 'error parsing jsonpath {"open}, unterminated quoted string'],
    ['{.n[9]}', 'error executing jsonpath "{.n[9]}": array index out of bounds: index 9, length 5'],
    ['{.kind[0]}', 'error executing jsonpath "{.kind[0]}": string is not array or slice'],
    ['{end}', 'error executing jsonpath "{end}": not in range, nothing to end'],
    ['{foo}', 'error executing jsonpath "{foo}": unrecognized identifier foo'],
  ])('%s is refused in its words', (template, error) => expect(printed(template)).toBe(error))

  it('takes a bare path where kubectl does', () => {
    expect(['.a.b', 'a.b', '{.a.b}', '{a.b}'].map(relaxJsonPath)).toEqual(Array(4).fill({ template: '{.a.b}' }))
    expect(relaxJsonPath('{a}{b}')).toHaveProperty('error')
    expect(findValues('.users[?(@.name=="e2e")].user.username', list)).toEqual({ values: ['admin'] })
    expect(findValues('.nope', list)).toEqual({ values: [] })
  })
})
