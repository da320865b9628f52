import { quantityError } from '../../../runtime-model/api/quantity.ts'
import { decode } from '../../../runtime-model/kinds/decode.ts'
import { checkEnvName } from '../env-names.ts'
import { ApiError, failure, failureByName, throwAll } from '../errors.ts'
import { array, bool, list, situational, text, type Flags, type FlagTable } from '../flags.ts'
import { patchTypeFor, twoWay } from '../patch/strategic.ts'
import { dryRunOf, printDone, printerOf } from '../printers/index.ts'
import { parseSelector } from '../selector.ts'
import type { Session } from '../session.ts'
import { findObjects, type Item } from '../targets.ts'
import { recorded } from '../change-cause.ts'
import { bareVerb } from './bare.ts'
import { listEnv } from './list-env.ts'
import { setSubject } from './set-subject.ts'
import { at, changed, podSpecPath } from '../templates.ts'
import { allTyped, dryRun, files, output, plainFiles, record, selectors, withAliases, type Verb } from '../verb.ts'

const common: FlagTable = {
  ...files, ...selectors, ...output, ...dryRun, all: bool(), local: bool(), 'field-manager': text(undefined, 'kubectl-set'),
}
const { selector: _, ...unselected } = common
const selectorFlags: FlagTable = {
  ...plainFiles, recursive: bool('R', 'true'), ...output, ...dryRun, ...record, all: bool(), local: bool(), 'field-manager': text(undefined, 'kubectl-set'),
}

interface Sending {
  /** `image updated` */
  readonly done: string
  /** how a refusal is introduced: `failed to patch image update to pod template`; absent: it is told as it is */
  readonly failing?: string
  /** sent even if nothing differs */
  readonly always?: true
  /** the command line, for `--record` */
  readonly command: string
}
/** Sends what differs; nothing is sent or said when nothing does. */
async function send(session: Session, flags: Flags, item: Item, wanted: any, how: Sending): Promise<void> {
  try { await sendPatch(session, flags, item, wanted, how) } catch (error) {
    if (how.failing && error instanceof ApiError && error.response.code !== 0) throw failure(`${how.failing} ${error.message}`)
    throw error
  }
}
async function sendPatch(session: Session, flags: Flags, item: Item, wanted: any, { done, always, command }: Sending): Promise<void> {
  const { kind, name, namespace, object } = item, mode = dryRunOf(flags)
  const fresh = recorded(wanted, command, flags)
  const patch = twoWay(kind, object, fresh)
  // a wrong `-o` is told in any case
  printerOf(flags)
  if (Object.keys(patch).length === 0 && !always) return
  const answer = flags.on('local')
    // what no server has seen is written as Go writes it (WithScheme): `strategy: {}`, `status: {}`
    ? decode(kind, fresh).object ?? fresh
    : mode === 'client'
    ? fresh
    : await session.send({
      verb: 'patch', ...session.of(kind, namespace ?? session.namespace), name, body: patch, patchType: patchTypeFor(kind),
      fieldManager: flags.text('field-manager'), ...mode === 'server' ? { dryRun: true } : {},
    })
  printDone(session, flags, { kind, object: answer }, done, mode)
}
function specPathOf({ kind, name }: Item, flags: Flags): readonly string[] {
  const path = podSpecPath(kind)
  // of what only a file holds kubectl has asked nobody for the plural
  if (!path) {
    throw failureByName(
      `${flags.on('local') ? kind.singular : kind.resource}/${name} the object is not a pod or does not have a pod template: *${kind.version}.${kind.kind}`, '\n'
    )
  }
  return path
}
type Work = (item: Item) => Promise<readonly unknown[] | void>
/** Works on each object, once all are found. `validate`: what is asked in between. Source: kubectl pkg/cmd/set (builder.Do().Infos(), then CalculatePatches). */
async function each(session: Session, flags: Flags, resources: readonly string[], work: Work, validate?: () => void): Promise<void> {
  const { items, errors } = await found(session, flags, resources)
  throwAll(errors)
  validate?.()
  await workOn(items, [], work)
}
async function found(session: Session, flags: Flags, resources: readonly string[]): ReturnType<typeof findObjects> {
  if (flags.on('local') && resources.length > 0) {
    throw failure(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'"
    )
  }
  return findObjects(session, flags, resources)
}
/** One that cannot be changed does not keep the others from it; what `work` gives back is told before that. */
async function workOn(items: readonly Item[], errors: readonly unknown[], work: Work): Promise<void> {
  const first = [...errors], failed: unknown[] = []
  for (const item of items) try { first.push(...await work(item) ?? []) } catch (error) { failed.push(error) }
  throwAll([...first, ...failed])
}
function separate(args: readonly string[], isPair: (word: string) => boolean): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  return { resources: args.filter(a => !isPair(a)), pairs: args.filter(isPair) }
}

/** Source: kubectl pkg/cmd/set/set_image.go. */
const image: Verb = {
  flags: { ...common, ...record },
  async run(session, flags, command) {
    const { resources, pairs } = separate(flags.args, a => a.indexOf('=') > 0)
    const images = pairs.map(p => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)] as const)
    await each(session, flags, resources, async item => {
      const path = specPathOf(item, flags), spec = at(item.object, path)
      const known = [...spec.containers ?? [], ...spec.initContainers ?? []].map((c: any) => c.name)
      const missing = images.filter(([name]) => name !== '*' && !known.includes(name)).map(([name]) =>
        failureByName(`unable to find container named ${JSON.stringify(name)}`))
      const renew = (containers: any[] | undefined): any[] | undefined =>
        containers?.map(c => { const update = images.findLast(([name]) => name === '*' || name === c.name); return update ? { ...c, image: update[1] } : c })
      const fresh = changed(item.object, path, (s: any) =>
        ({ ...s, containers: renew(s.containers), ...s.initContainers ? { initContainers: renew(s.initContainers) } : {} }))
      await send(session, flags, item, fresh, { done: 'image updated', failing: 'failed to patch image update to pod template:', command })
      return missing
    }, () => throwAll([
      ...flags.on('all') && flags.text('selector') !== '' ? [failure('cannot set --all and --selector at the same time')] : [],
      ...pairs.length === 0 ? [failure('at least one image update is required')] : [],
      ...pairs.length > 1 && images.some(([name]) => name === '*')
        ? [failure('all containers are already specified by *, but saw more than one container_name=container_image pairs')]
        : [],
    ]))
  },
}

const chosen = (flags: Flags, name: string): boolean => {
  const asked = flags.text('containers') || '*'
  return new RegExp(`^${asked.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name)
}

/** Source: kubectl pkg/cmd/set/set_env.go. */
const env: Verb = {
  flags: {
    ...common, containers: text('c', '*'), env: array('e'), from: text(), keys: list(), list: bool(), overwrite: bool(undefined, 'true'), prefix: text(),
    resolve: situational(bool()),
  },
  async run(session, flags, command) {
    const { resources, pairs } = separate(flags.args, a => a.indexOf('=') > 0 || a.endsWith('-'))
    if (resources.length === 0 && !flags.given('filename') && !flags.given('kustomize')) {
      throw failure('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    const words = [...pairs, ...flags.list('env')]
    const set = words.filter(w => w.includes('=')).map(w => ({ name: w.slice(0, w.indexOf('=')), value: w.slice(w.indexOf('=') + 1) }))
    const gone = words.filter(w => !w.includes('=')).map(w => w.slice(0, -1))
    for (const { name } of set) checkEnvName(name)
    if (gone.some(name => set.some(s => s.name === name))) throw failure('can not both modify and remove the same environment variable in the same command')
    // without a source they say nothing
    const [prefix, keys] = [flags.text('prefix'), flags.list('keys')]
    const source = flags.given('from') ? await sourceOf(session, flags, prefix, keys) : []
    await each(session, flags, resources, async item => {
      const path = specPathOf(item, flags)
      const containers: any[] = [...at(item.object, path).containers, ...at(item.object, path).initContainers ?? []]
      const picked = containers.filter(c => chosen(flags, c.name))
      if (picked.length === 0) {
        session.complain(`Warning: ${item.kind.kind}/${item.name} does not have any containers matching ${JSON.stringify(flags.text('containers'))}`)
        return
      }
      const taken = flags.on('overwrite') ? undefined : picked.flatMap(c => c.env ?? []).find((e: any) => set.some(s => s.name === e.name))
      if (taken) throw failure(`${item.kind.resource}/${item.name} '${taken.name}' already has a value (${taken.value ?? ''}), and --overwrite is false`)
      const renew = (c: any): any => {
        if (!chosen(flags, c.name)) return c
        const fresh = [...c.env ?? []]
        for (const entry of [...source, ...set]) { const i = fresh.findIndex(e => e.name === entry.name); if (i < 0) fresh.push(entry); else fresh[i] = entry }
        const { env: _, ...rest } = c, kept = fresh.filter(e => !gone.includes(e.name))
        return kept.length ? { ...rest, env: kept } : rest
      }
      if (flags.on('list')) return listEnv(session, flags, item, picked.map(renew))
      const fresh = changed(item.object, path, (s: any) =>
        ({ ...s, containers: s.containers.map(renew), ...s.initContainers ? { initContainers: s.initContainers.map(renew) } : {} }))
      await send(session, flags, item, fresh, { done: 'env updated', failing: 'failed to patch env update to pod template:', command })
    })
  },
}
async function sourceOf(session: Session, flags: Flags, prefix: string, keys: readonly string[]): Promise<any[]> {
  const { items, errors } = await findObjects(session, flags, [flags.text('from')])
  throwAll(errors)
  if (items.some(i => !['ConfigMap', 'Secret'].includes(i.kind.kind))) throw failure('unsupported resource specified in --from')
  const wanted = (key: string): boolean => keys.length === 0 || keys.includes(key)
  for (const key of items.flatMap(({ object }) => Object.keys(object.data ?? {}).sort()).filter(wanted)) {
    if (key !== envName(key)) session.complain(`Warning: key ${key} transferred to ${envName(key)}`)
  }
  return items.flatMap(({ kind, name, object }) => Object.keys(object.data ?? {}).sort().filter(wanted).map(key => ({
    name: envName(`${prefix}${key}`), valueFrom: { [kind.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef']: { name, key } },
  })))
}
const envName = (key: string): string => key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')

/** Source: kubectl pkg/cmd/set/set_resources.go. */
const resources: Verb = {
  flags: { ...common, ...record, containers: text('c', '*'), limits: text(), requests: text() },
  async run(session, flags, command) {
    const limits = amounts(flags.text('limits')), requests = amounts(flags.text('requests'))
    if (!limits && !requests) {
      throwAll((await findObjects(session, flags, flags.args)).errors)
      throw failure('you must specify an update to requests or limits (in the form of --requests/--limits)')
    }
    await each(session, flags, flags.args, async item => {
      const path = specPathOf(item, flags)
      const spec = at(item.object, path)
      if (![...spec.containers, ...spec.initContainers ?? []].some((c: any) => chosen(flags, c.name))) {
        return [failureByName(`unable to find container named ${flags.text('containers')}`)]
      }
      const renew = (c: any): any => chosen(flags, c.name)
        ? {
          ...c,
          resources: {
            ...c.resources, ...limits ? { limits: { ...c.resources?.limits, ...limits } } : {},
            ...requests ? { requests: { ...c.resources?.requests, ...requests } } : {},
          },
        }
        : c
      await send(
        session, flags, item,
        changed(item.object, path, (s: any) =>
          ({ ...s, containers: s.containers.map(renew), ...s.initContainers ? { initContainers: s.initContainers.map(renew) } : {} })),
        { done: 'resource requirements updated', failing: 'failed to patch resources update to pod template', command }
      )
    })
  },
}
const amounts = (spec: string): Record<string, string> | undefined => spec === '' ? undefined : Object.fromEntries(spec.split(',').map(part => {
  const [name, amount, more] = part.split('=')
  if (amount === undefined || more !== undefined) throw failure(`Invalid argument syntax ${part}, expected <resource>=<value>`)
  const wrong = quantityError(amount)
  if (wrong !== undefined) throw failure(wrong)
  return [name, amount]
}))

/** Source: kubectl pkg/cmd/set/set_serviceaccount.go. */
const serviceAccount: Verb = {
  flags: { ...unselected, ...record },
  async run(session, flags, command) {
    const name = flags.args.at(-1)
    if (name === undefined) throw failure('serviceaccount is required')
    await each(session, flags, flags.args.slice(0, -1), item => send(
      session, flags, item, changed(item.object, [...specPathOf(item, flags), 'serviceAccountName'], () => name),
      { done: 'serviceaccount updated', failing: 'failed to patch ServiceAccountName', always: true, command }
    ))
  },
}

/** Source: kubectl pkg/cmd/set/set_selector.go. */
const selector: Verb = {
  flags: { ...selectorFlags, 'resource-version': text() },
  async run(session, flags, command) {
    const expression = flags.args.at(-1)
    if (expression === undefined) throw failure('one selector is required')
    const wanted = parseSelector(expression), { items, errors } = await found(session, flags, flags.args.slice(0, -1))
    // by itself it goes on without those that are not there. Source: set_selector.go (RunSelector)
    await workOn(items, errors, async item => {
      if (item.kind.kind !== 'Service') throw failure('setting a selector is only supported for Services')
      if (wanted.matchExpressions) {
        throw failure(
          `match expression [${wanted.matchExpressions.map((e: any) => `{${e.key} ${e.operator} [${(e.values ?? []).join(' ')}]}`).join(' ')}] not supported on this object`
        )
      }
      const version = flags.text('resource-version'), chosen = changed(item.object, ['spec', 'selector'], () => wanted.matchLabels)
      return send(session, flags, item, version === '' ? chosen : changed(chosen, ['metadata', 'resourceVersion'], () => version), {
        done: 'selector updated', always: true, command,
      })
    })
  },
}

export const set: Verb = bareVerb(withAliases(allTyped({
  image, env, resources, serviceaccount: serviceAccount, selector, subject: setSubject(common),
}), { sa: 'serviceaccount' }))
