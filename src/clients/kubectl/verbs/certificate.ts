import { bareVerb } from './bare.ts'
import { ApiError, bare, Exit, failure, throwAll } from '../errors.ts'
import { bool, type Flags } from '../flags.ts'
import { printDone } from '../printers/index.ts'
import type { Session } from '../session.ts'
import { findObjects, type Item } from '../targets.ts'
import { files, output, type Verb } from '../verb.ts'

interface Decision { readonly type: 'Approved' | 'Denied'; readonly unless: 'Approved' | 'Denied'; readonly reason: string; readonly message: string }
/** how often a decision is tried again where the request was changed meanwhile */
const attempts = 10

/** Approves or denies CertificateSigningRequests. Source: kubectl pkg/cmd/certificates/certificates.go. */
const deciding = (decision: Decision): Verb => ({
  flags: { ...files, ...output, force: bool() },
  async run(session, flags) {
    if (flags.args.length === 0 && !flags.given('filename') && !flags.given('kustomize')) {
      throw failure('one or more CSRs must be specified as <name> or -f <filename>')
    }
    const { items, errors } = await findObjects(session, flags, flags.args.map(name => `certificatesigningrequest/${name}`))
    const all = [...errors], only = items.length + errors.length === 1
    for (const item of items) {
      try {
        await decide(session, flags, item, decision, only ? failure : bare)
      } catch (error) { if (error instanceof ApiError || error instanceof Exit) all.push(error); else throw error }
    }
    throwAll(all)
  },
})

async function decide(session: Session, flags: Flags, { kind, name, object }: Item, decision: Decision, refusal: (message: string) => Error): Promise<void> {
  let found = object
  for (let attempt = 1; ; attempt++) {
    const conditions: readonly any[] = found.status?.conditions ?? [], decided = conditions.some(c => c.type === decision.type)
    if (conditions.some(c => c.type === decision.unless)) throw refusal(`certificate signing request ${JSON.stringify(name)} is already ${decision.unless}`)
    if (decided && !flags.on('force')) break
    const condition = { type: decision.type, status: 'True', reason: decision.reason, message: decision.message }
    const body = {
      ...found, apiVersion: `${kind.group}/${kind.version}`, kind: kind.kind,
      status: { ...found.status, conditions: decided ? conditions : [...conditions, condition] },
    }
    try {
      found = await session.send({ verb: 'update', ...session.of(kind), name, subresource: 'approval', body })
      break
    } catch (error) {
      if (session.requests.at(-1)?.response.code !== 409 || attempt === attempts) throw error
      found = await session.get(kind, name, undefined)
    }
  }
  printDone(session, flags, { kind, object: found }, decision.type.toLowerCase())
}

const approve = deciding({ type: 'Approved', unless: 'Denied', reason: 'KubectlApprove', message: 'This CSR was approved by kubectl certificate approve.' })
const deny = deciding({ type: 'Denied', unless: 'Approved', reason: 'KubectlDeny', message: 'This CSR was denied by kubectl certificate deny.' })
export const certificate: Verb = bareVerb({ approve, deny }, { stdout: true, code: 0 })
