import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const at = (path: string): string => join(root, path)
const walk = (folder: string): string[] => existsSync(at(folder))
  ? readdirSync(at(folder)).sort().flatMap(name =>
    name === 'generated' || name === 'node_modules' ? [] : statSync(at(`${folder}/${name}`)).isDirectory() ? walk(`${folder}/${name}`) : [`${folder}/${name}`])
  : []
const sources = walk('src').filter(f => f.endsWith('.ts'))
const read = (file: string): string => readFileSync(at(file), 'utf8')

/** Comments go; strings and templates keep their quotes but lose their text, except in imports (which are read before). */
function code(file: string): string {
  return read(file).replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`/g,
    m => m.startsWith('/') ? m.replace(/[^\n]/g, ' ') : m[0] + m[0]
  )
}

interface Import { readonly from: string; readonly to: string; readonly typeOnly: boolean; readonly lazy: boolean; readonly package: boolean }
function importsOf(file: string): Import[] {
  const text = read(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/[^\n]*/gm, '')
  const found = [...text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\s)?((?:[^'"\n;{}]|\{[^}]*\})*?\sfrom\s+)?['"]([^'"]+)['"]/g)].map(m =>
    ({ typeOnly: !!m[2], lazy: false, to: m[4] }))
  const lazy = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map(m =>
    ({ typeOnly: /\.\s*$|typeof\s*$|:\s*$/.test(text.slice(Math.max(0, m.index - 8), m.index)), lazy: true, to: m[1] }))
  return [...found, ...lazy].map(({ to, ...how }) => to.startsWith('.')
    ? { from: file, to: relative(root, normalize(join(root, dirname(file), to))), ...how, package: false }
    : { from: file, to, ...how, package: true })
}

/** Files that reach each other by imports, as Tarjan's algorithm finds them. */
function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>(), seen = new Map<string, number>(), path: string[] = [], found: string[][] = []
  for (const { from, to } of imports) next.set(from, [...next.get(from) ?? [], to])
  const reach = (file: string): number => {
    const at = seen.size
    let lowest = at
    seen.set(file, at); path.push(file)
    for (const to of next.get(file) ?? []) {
      if (!seen.has(to)) lowest = Math.min(lowest, reach(to))
      else if (path.includes(to)) lowest = Math.min(lowest, seen.get(to)!)
    }
    if (lowest === at) { const circle = path.splice(path.indexOf(file)); if (circle.length > 1) found.push(circle.sort()) }
    return lowest
  }
  for (const file of next.keys()) if (!seen.has(file)) reach(file)
  return found
}

// ---------------------------------------------------------------- who may import whom (type-only imports are free)
const M = 'src/runtime-model'
const COMPONENTS = [
  'etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager', 'kubelet', 'container-runtime', 'kube-proxy', 'coredns',
  'cni', 'traffic', 'ingress-nginx', 'nginx-gateway-fabric',
].map(c =>
  `${M}/${c}/`)
const BASE = 'src/base/', DSL = 'src/dsl/', MODEL = `${M}/`, API = `${M}/api/`, KINDS = `${M}/kinds/`, KERNEL = `${M}/kernel/`, NETWORK = `${M}/network/`
const DRIVER = 'src/drivers/driver.ts', CONTRACT = 'src/extension.ts'
const UPPER = [BASE, DSL, API, KINDS, DRIVER, CONTRACT]
const ALLOWED: readonly (readonly [room: string, may: readonly string[]])[] = [
  [BASE, []],
  [DSL, [BASE]],
  [KERNEL, [BASE, NETWORK]], // the kernel carries every message over the links, so the two know each other
  [API, [BASE]],
  [KINDS, [BASE, API]],
  [NETWORK, [BASE, KERNEL, API]],
  ...COMPONENTS.map(room => [room, [BASE, KERNEL, NETWORK, API, KINDS]] as const),
  [`${M}/faults/`, [BASE, MODEL]], [`${M}/checkers/`, [BASE, MODEL]], [MODEL, [BASE, MODEL]],
  ['src/drivers/', [BASE, MODEL]],
  ['src/clients/', UPPER], ['src/assertions/', UPPER], ['src/steps/', [...UPPER, 'src/clients/', 'src/assertions/']],
  ['src/runner/', [...UPPER, 'src/clients/', 'src/assertions/', 'src/steps/', 'src/drivers/', MODEL]],
  ['src/own-steps/', [...UPPER, 'src/clients/', 'src/assertions/', 'src/steps/']],
  ['src/lint/', [BASE, DSL, API, KINDS, CONTRACT]],
  ['src/reporters/', [BASE, 'src/runner/events.ts']],
  ['src/', ['src/']], // cli, config, fidelity, builtin.ts, index.ts, extension.ts
]
const roomOf = (file: string) => ALLOWED.find(([room]) => file.startsWith(room))!

describe('the import rules', () => {
  const all = sources.flatMap(importsOf)
  test('rooms import only what stands below them', () => {
    const broken = all.filter(i => !i.package && !i.typeOnly && i.to.startsWith('src/')).filter(({ from, to }) => {
      const [room, may] = roomOf(from)
      return !to.startsWith(room) && !may.some(m => to.startsWith(m))
    })
    expect(broken.map(i =>
      `${i.from} imports ${i.to}: ${roomOf(i.from)[0]} may import ${roomOf(i.from)[1].join(', ') || 'nothing'} (table in test/tidy.test.ts)`)).toEqual([])
  })
  test('no files import each other in a circle, but those of a route that leads on', () => {
    expect(circles(all.filter(i => !i.package && !i.typeOnly && !i.lazy))).toEqual([
      ['src/runtime-model/traffic/machine.ts', 'src/runtime-model/traffic/names.ts', 'src/runtime-model/traffic/route.ts'],
    ])
  })
  test('relative imports name the file, with its ending', () => {
    expect(all.filter(i => !i.package && !/\.(ts|js|json)$/.test(i.to)).map(i => `${i.from}: ${i.to}`)).toEqual([])
  })
  test('only host.ts, what loads modules and threads, and the real driver touch the host', () => {
    const may = [
      'src/cli/host.ts', 'src/cli/import-module.ts', 'src/cli/worker-pool.ts', 'src/cli/worker.ts', 'src/cucumber/only-what-is-read.ts', 'src/vitest/index.ts',
      'src/drivers/real/wire.ts', 'src/drivers/real/connection.ts', 'src/drivers/real/exec.ts', 'src/fidelity/main.ts', 'src/fidelity/differential/main.ts', 'src/fidelity/replay-file.ts', 'src/serve/http-server.ts',
      'src/serve/upgrades.ts', 'src/serve/streams/spdy.ts',
    ]
    expect(all.filter(i => i.package && /^(node:|fs|path|os|child_process|process|http)/.test(i.to) && !may.includes(i.from)).map(
      i => `${i.from}: ${i.to}`
    )).toEqual([])
  })
  test('nothing is a default export', () => {
    expect(sources.filter(f => /^export default\b/m.test(code(f)))).toEqual([])
  })
})

describe('the model', () => {
  const model = sources.filter(f => f.startsWith(MODEL))
  const banned: readonly (readonly [string, RegExp])[] = [
    ['Date', /\bnew Date\(\s*\)|\bDate\.now\b/], ['Math.random', /\bMath\.random\b/], ['crypto', /\bcrypto\b\./], ['performance', /\bperformance\b\./],
    ['setTimeout', /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/],
    ['process', /\bprocess\.(?!\w+Id\b)(env|argv|exit|nextTick|hrtime|cwd|stdout|stderr|on)\b/],
    ['async', /\basync\b(?=\s*(?:\(|function|\w+\s*\(|\w+\s*=>))/], ['await', /\bawait\b\s/], ['Promise', /\bPromise\b\s*[.<(]/],
    ['generator', /\bfunction\s*\*|\byield\b\s/], ['locale', /\blocaleCompare\b|\btoLocale/],
  ]
  test.each(banned)('has no %s', (_, pattern) => {
    expect(model.flatMap(f => code(f).split('\n').flatMap((line, i) => pattern.test(line) ? [`${f}:${i + 1}: ${line.trim()}`] : []))).toEqual([])
  })
})

describe('the tree', () => {
  test('no file is longer than 400 lines', () => {
    const long = [...sources, ...walk('test').filter(f => f.endsWith('.ts')), ...walk('bench')].map(f =>
      [f, read(f).split('\n').length] as const).filter(([, n]) =>
      n > 401)
    expect(long.map(([f, n]) => `${f}: ${n} lines`)).toEqual([])
  })
  test('no line is wider than 160 columns, unless a text or a pattern in it is long', () => {
    const text = /'(?:[^'\\]|\\.){30,}'|"(?:[^"\\]|\\.){30,}"|`(?:[^`\\]|\\.){30,}|^\s*\/\S{100,}\/u?$/u
    const wide = sources.flatMap(f =>
      read(f).split('\n').map((line, i) => [`${f}:${i + 1}`, line] as const).filter(([, line]) => [...line].length > 160 && !text.test(line)))
    expect(wide.map(([where]) => where)).toEqual([])
  })
  test('no file is an orphan: each is an entry or imported by another', () => {
    const entries = ['src/reporters/html/client/main.ts', 'src/entries.ts']
    const outside = [...walk('bench'), ...walk('build')].filter(f => /\.(ts|mjs)$/.test(f)).flatMap(f => importsOf(f))
    const wanted = new Set([...entries, ...[...sources.flatMap(importsOf), ...outside].map(i => i.to)])
    expect(sources.filter(f => !wanted.has(f) && !f.endsWith('.d.ts'))).toEqual([])
  })
  test('nothing refers to a machine or to a place outside of the project', () => {
    const everything = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(
      f => /\.(ts|mjs|js|json|peggy|md|txt|feature|yaml|yml)$/.test(f) && existsSync(at(f)) && f !== 'test/tidy.test.ts'
    )
    // the pages of kubectl's help stand as they are
    expect(everything.filter(f => f !== 'src/clients/kubectl/data/help.json').filter(f => /\.\.\/shared\b|\/work\/|\/home\/\w|\/root\/|\/Users\/\w/.test(read(f)))).toEqual([])
  })
  test('the lock file names no place a package was fetched from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved"/)
  })
})
