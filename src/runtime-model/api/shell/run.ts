import { NAMESPACE, PLAIN, type Behaviour, type FileRow, type Printed } from '../behaviour.ts'
import { questionOf } from './questions.ts'
import { literal, Unclear, type Node, type Redirect, type Word } from './syntax.ts'

/** programs that are done at once, and print nothing */
const silent = new Set(['sync', 'umask', 'wait'])
/** …that fail where something is not there, or is there already */
const touchy = new Set(['mkdir', 'chmod', 'chown'])
/** …and that print what is not known here */
const telling = new Set(['printf', 'date', 'hostname', 'env', 'id', 'whoami', 'uname', 'pwd', 'uptime', 'df', 'free', 'ps'])
const seconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }
const mostCommands = 10_000

/** A script is gone through once, with a clock of its own. */
export class Run {
  #atMs = 0
  /** exit code of the last command; undefined: not known */
  #code: number | undefined = 0
  #over: 'ended' | 'goes on' | undefined
  /** undefined: not all of it is known */
  #prints: Printed[] | undefined = []
  readonly #files: FileRow[] = []
  /** every file that it makes or removes has a path that is known */
  #knowsFiles = true
  #waits: Behaviour['waits']
  #strict: boolean
  #commands = 0
  readonly #variables: Map<string, string | undefined>
  /** variables that another round may have given another value */
  readonly #turning = new Set<string>()
  readonly #messages: { fromMs: number; text: string }[] = []
  readonly #messagePath: string
  constructor(strict: boolean, variables: Readonly<Record<string, string>>, messagePath: string) {
    this.#strict = strict; this.#variables = new Map(Object.entries(variables)); this.#messagePath = messagePath
  }

  behaviour(): Behaviour {
    const ends = this.#over !== 'goes on', code = ends ? this.#known() : 0
    return Object.freeze({
      ...PLAIN, ...this.#knowsFiles ? { knowsTmp: true as const } : undefined,
      ...ends ? { exit: { afterMs: this.#atMs, code, oom: false } } : { lasts: true as const },
      ...this.#prints ? { prints: this.#prints } : undefined, ...this.#files.length > 0 ? { files: this.#files } : undefined,
      ...this.#waits ? { waits: this.#waits } : undefined, ...this.#messages.length > 0 ? { messages: this.#messages } : undefined,
    })
  }
  node(node: Node): void {
    if (this.#over) return
    switch (node.do) {
      case 'run': return this.#command(node.words, node.redirects)
      case 'each': return node.of.forEach(each => this.#step(each))
      case 'and': case 'or':
        this.node(node.left)
        if (!this.#over && (this.#known() === 0) === (node.do === 'and')) this.node(node.right)
        return
      case 'for': return this.#for(node.variable, node.words, node.body)
      case 'while': return this.#while(node.condition, node.body)
      case 'until': return this.#until(node.condition, node.body)
    }
  }
  /** with `set -e` a failure ends it, but not within a list of && and || */
  #step(node: Node): void {
    this.node(node)
    if (!this.#strict || this.#over || this.#known() === 0) return
    if (node.do !== 'run') throw new Unclear()
    this.#over = 'ended'
  }
  #known(): number { if (this.#code === undefined) throw new Unclear(); return this.#code }

  #for(variable: string, words: readonly Word[], body: Node): void {
    const values = words.flatMap(word => this.#listed(word))
    for (const value of values) { this.#variables.set(variable, value); this.#step(body) }
  }
  /** `a`, `{1..5}`, `$(seq 5)`, `$(seq 2 5)` */
  #listed(word: Word): readonly string[] {
    const [part] = word.parts, range = word.quoted ? undefined : /^\{(\d+)\.\.(\d+)\}$/.exec(literal(word)), sequence = word.parts.length === 1
      && typeof part === 'object' && 'substitution' in part ? /^seq (?:(\d+) )?(\d+)$/.exec(part.substitution) : undefined
    const [, first, last] = range ?? sequence ?? []
    if (last !== undefined) {
      const from = Number(first ?? 1), length = Math.max(0, Number(last) - from + 1)
      if (length > mostCommands) throw new Unclear()
      return Array.from({ length }, (_, i) => String(from + i))
    }
    const text = this.#text(word)
    if (text === undefined) throw new Unclear()
    return [text]
  }
  #while(condition: Node, body: Node): void {
    if (condition.do !== 'run' || !/^(true|:|\[ (true|1) \]|test (true|1))$/.test(condition.words.map(literal).join(' '))) throw new Unclear()
    for (const name of assigned(body)) { this.#turning.add(name); this.#variables.set(name, undefined) }
    const beganMs = this.#atMs, before = this.#prints?.length ?? 0, files = this.#files.length
    this.#step(body)
    if (this.#over) return
    const everyMs = this.#atMs - beganMs
    if (everyMs === 0 || this.#prints === undefined) this.#prints = undefined
    else this.#prints = this.#prints.map((line, i) => i < before ? line : { ...line, everyMs })
    if (this.#files.slice(files).some(f => !f.exists)) throw new Unclear()
    this.#over = 'goes on'
  }

  /** Once, and of the network alone; how often it looks follows from what it sleeps. */
  #until(condition: Node, body: Node): void {
    const words = condition.do === 'run' ? condition.words.map(word => this.#text(word)) : [undefined]
    const question = words.includes(undefined) ? undefined : questionOf(words as readonly string[]), fromMs = this.#atMs
    if (!question || this.#waits || this.#files.length > 0) throw new Unclear()
    this.#step(body)
    if (this.#over || this.#files.length > 0 || this.#atMs === fromMs) throw new Unclear()
    this.#waits = { for: question, fromMs, everyMs: this.#atMs - fromMs }
    this.#atMs = fromMs
    this.#code = 0
    this.#prints = undefined
  }

  #command(words: readonly Word[], redirects: readonly Redirect[]): void {
    if (++this.#commands > mostCommands) throw new Unclear()
    const count = words.findIndex(word => !/^[A-Za-z_]\w*=/.test(typeof word.parts[0] === 'string' ? word.parts[0] : ''))
    if (count < 0) { this.#code = 0; return words.forEach(word => this.#assign(word)) }
    const [name, ...more] = words.slice(count).map(word => this.#text(word))
    if (count > 0 || name === undefined) throw new Unclear()
    const { seen: printed, file } = this.#outputTo(redirects), program = name.replace(/^\/(usr\/)?bin\//, ''), before = this.#code
    this.#code = 0
    switch (program) {
      case 'true': case ':': return
      case 'false': this.#code = 1; return
      case 'sleep': return this.#sleep(more)
      case 'exit': return this.#exit(more, before)
      case 'exec': this.#command(words.slice(1), redirects); this.#over ??= 'ended'; return
      case 'echo': return this.#echo(more, printed, file)
      case 'set': return this.#set(more)
      case 'export': return words.slice(1).forEach(word => this.#assign(word))
      case 'touch': return more.forEach(path => this.#file(path, true, ''))
      case 'rm': return more.filter(path => !path?.startsWith('-')).forEach(path => this.#file(path, false))
      case 'cat': case 'ls': case 'test': case '[': this.#code = undefined; if (printed && program !== 'test' && program !== '[') this.#prints = undefined; return
      case 'tail': return this.#tail(more)
    }
    if (touchy.has(program)) { if (program !== 'mkdir' || !more.includes('-p')) this.#code = undefined; return }
    if (telling.has(program)) { if (printed) this.#prints = undefined } else if (!silent.has(program)) throw new Unclear()
  }
  #assign({ parts: [first, ...more] }: Word): void {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(typeof first === 'string' ? first : '') ?? []
    // `export NAME` of one that has its value
    if (name === undefined) return
    this.#variables.set(name, this.#turning.has(name) ? undefined : this.#text({ parts: [value, ...more], quoted: true }))
  }
  #text({ parts }: Word): string | undefined {
    let text = ''
    for (const part of parts) {
      const value = typeof part === 'string' ? part : 'variable' in part ? this.#variables.get(part.variable)
        : part.substitution === 'cat /var/run/secrets/kubernetes.io/serviceaccount/namespace' ? NAMESPACE
        : undefined
      if (value === undefined) return undefined
      text += value
    }
    return text
  }
  #sleep(times: readonly (string | undefined)[]): void {
    for (const time of times) {
      if (time === 'infinity') { this.#over = 'goes on'; return }
      const [, number, unit] = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(time ?? '') ?? []
      if (number === undefined) throw new Unclear()
      this.#atMs += Math.round(Number(number) * seconds[unit] * 1000)
    }
    if (times.length === 0) throw new Unclear()
  }
  #echo(words: readonly (string | undefined)[], printed: boolean, file: string | undefined): void {
    const line = words.join(' '), odd = words.includes(undefined) || line.includes(NAMESPACE) || words[0]?.startsWith('-') || line.includes('\\')
    if (file === this.#messagePath && !odd) this.#messages.push({ fromMs: this.#atMs, text: `${line}\n` })
    if (!printed) return
    if (odd) this.#prints = undefined
    else this.#prints?.push(...line.split('\n').map(text => ({ afterMs: this.#atMs, line: text })))
  }
  /** With the code that it says, else with that of the command before. */
  #exit(words: readonly (string | undefined)[], before: number | undefined): void {
    const [said] = words
    if (words.length > 1 || words.includes(undefined) || said !== undefined && !/^\d+$/.test(said)) throw new Unclear()
    this.#code = said === undefined ? before : Number(said) & 255
    this.#over = 'ended'
  }
  #set(flags: readonly (string | undefined)[]): void {
    for (const flag of flags) {
      if (!/^-[euxo]+$|^pipefail$/.test(flag ?? '')) throw new Unclear()
      if (/^-.*e/.test(flag!)) this.#strict = true
      if (/^-.*x/.test(flag!)) this.#prints = undefined
    }
  }
  #tail(words: readonly (string | undefined)[]): void {
    if (!words.some(word => word === '-f' || word === '-F')) throw new Unclear()
    if (!words.includes('/dev/null')) this.#prints = undefined
    this.#over = 'goes on'
  }
  #file(path: string | undefined, exists: boolean, content?: string): void {
    if (path === undefined || !path.startsWith('/') || /[*?[]/.test(path)) { this.#knowsFiles = false; return }
    if (this.#waits) throw new Unclear()
    const below = exists ? [] : this.#files.map(f => f.path).filter(file => file.startsWith(`${path}/`))
    for (const each of [path, ...below]) this.#files.push({ path: each, fromMs: this.#atMs, exists, ...content === undefined ? undefined : { content } })
  }
  /** Is it seen in the log? What is written into a file makes it. */
  #outputTo(redirects: readonly Redirect[]): { readonly seen: boolean; readonly file?: string } {
    let seen = true, file: string | undefined
    for (const { from, to } of redirects) {
      if (typeof to === 'number') { if (from === 1 && to !== 2) throw new Unclear(); continue }
      const path = this.#text(to)
      if (path === undefined) throw new Unclear()
      if (/^\/(dev\/(stdout|stderr)|proc\/(1|self)\/fd\/[12])$/.test(path)) continue
      if (from === 1) { seen = false; file = path }
      if (!path.startsWith('/dev/')) this.#file(path, true)
    }
    return { seen, file }
  }
}

/** variables that it gives values to */
function assigned(node: Node): readonly string[] {
  switch (node.do) {
    case 'run': return node.words.flatMap(word => /^([A-Za-z_]\w*)=/.exec(typeof word.parts[0] === 'string' ? word.parts[0] : '')?.[1] ?? [])
    case 'each': return node.of.flatMap(assigned)
    case 'and': case 'or': return [...assigned(node.left), ...assigned(node.right)]
    case 'for': return assigned(node.body)
    case 'while': case 'until': return [...assigned(node.condition), ...assigned(node.body)]
  }
}
