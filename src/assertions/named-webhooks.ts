import { suggest } from '../base/suggest.ts'
import type { Driver } from '../drivers/driver.ts'
import type { ScenarioContext } from '../steps/context.ts'

const configurations = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'].map(r => `${r}.admissionregistration.k8s.io`)
const namesIn = (driver: Driver): readonly string[] =>
  configurations.flatMap(resource => driver.storedList(resource).flatMap(c => ((c as any).webhooks ?? []).map((w: any) => w.name as string)))

/** under this name the context keeps the webhooks of which a step has spoken before any configuration named them */
const awaited = 'webhooks-awaited'

/**
 * Why a step cannot speak of a webhook: no configuration has one of that name, so that nobody ever asks it. Before there is any
 * configuration at all the name is awaited: the manifest may come behind.
 */
export function noSuchWebhook(context: ScenarioContext, name: string): { readonly cannotRun: string } | undefined {
  const names = namesIn(context.driver())
  if (names.includes(name)) return undefined
  if (names.length === 0) {
    context.kept.set(awaited, [...context.kept.get(awaited) as readonly string[] | undefined ?? [], name])
    return undefined
  }
  const [near] = suggest(name, names, 1)
  return { cannotRun: `no webhook is called ${name}${near ? `; did you mean ${near}?` : `; there are ${names.join(', ')}`}` }
}

/** A webhook that was spoken of and that no configuration has named since. */
export function missingWebhook({ kept }: ScenarioContext, driver: Driver): string | undefined {
  const names = kept.get(awaited) as readonly string[] | undefined
  if (!names?.length) return undefined
  const known = namesIn(driver), missing = names.filter(n => !known.includes(n))
  kept.set(awaited, missing)
  return missing[0]
}
