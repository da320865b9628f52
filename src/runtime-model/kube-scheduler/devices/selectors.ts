import type { Outcome, Program } from '../../kinds/expressions/program.ts'
import { isProgram, programOf } from '../../kinds/expressions/program.ts'
import { QuantityValue } from '../../kinds/expressions/library.ts'
import { SemverValue } from '../../kinds/expressions/semver.ts'
import { parseQuantity } from '../../api/quantity.ts'

/** What a request looks for in a device, in CEL. Source: k8s.io/dynamic-resource-allocation cel/compile.go */
export interface Device {
  readonly driver: string
  readonly pool: string
  readonly name: string
  readonly attributes: Readonly<Record<string, any>>
  readonly capacity: Readonly<Record<string, any>>
}
/** An expression that does not come to an answer ends the whole cycle. */
export class SelectorError extends Error {}

export function matches(device: Device, selectors: readonly any[] | undefined, whose: string): boolean {
  return (selectors ?? []).every(({ cel }, i) => {
    const program = programOf(cel.expression)
    if (!isProgram(program)) throw new SelectorError(`${whose}: selector #${i}: CEL compile error: ${program.syntax}`)
    const outcome = ask(program, device)
    if ('error' in outcome) throw new SelectorError(`${whose}: selector #${i}: CEL runtime error: ${outcome.error}`)
    return outcome.value === true
  })
}
function ask(program: Program, { driver, attributes, capacity }: Device): Outcome {
  const named = [...program.text.matchAll(/\[\s*["']([^"'\]]+)["']\s*\]/g)].map(m => m[1])
  return program.run({
    device: {
      driver, attributes: byDomain(attributes, driver, named, valueOf), allowMultipleAllocations: false,
      capacity: byDomain(capacity, driver, named, c => new QuantityValue(parseQuantity(c.value)?.nano ?? 0n)),
    },
  })
}
/** `model` is the driver's own, `example.com/model` another domain's. A domain that has none is asked about all the same. */
function byDomain(all: Readonly<Record<string, any>>, driver: string, named: readonly string[], read: (value: any) => unknown): Record<string, any> {
  const domains: Record<string, any> = Object.fromEntries([driver, ...named].map(domain => [domain, {}]))
  for (const [key, value] of Object.entries(all)) {
    const slash = key.indexOf('/'), domain = slash < 0 ? driver : key.slice(0, slash)
    ;(domains[domain] ??= {})[key.slice(slash + 1)] = read(value)
  }
  return domains
}
const valueOf = ({ int, bool, string, version }: any): unknown => int !== undefined ? BigInt(int) : bool ?? string ?? new SemverValue(version)

/** An attribute by its full name, as constraints compare it; undefined: the device has none. */
export function attributeOf({ attributes, driver }: Device, name: string): string | undefined {
  const found = attributes[name] ?? (name.startsWith(`${driver}/`) ? attributes[name.slice(driver.length + 1)] : undefined)
  return found === undefined ? undefined : JSON.stringify(found)
}
