import type { Driver } from '../drivers/driver.ts'
import type { CommandEnvironment } from './outcome.ts'

const kept = 'files that commands have written'
type Files = ReadonlyMap<string, string>
const plain = (path: string): string => path.replace(/^\.\//, '').replace(/\/+/g, '/')

/** Writes a file of one's own machine; it stays in the scenario, for the commands that follow. */
export function writeFile(driver: Driver, path: string, content: string): void {
  driver.kept.set(kept, new Map([...driver.kept.get(kept) as Files | undefined ?? [], [plain(path), content]]))
}
export const isWritten = (driver: Driver, path: string): boolean => (driver.kept.get(kept) as Files | undefined)?.has(plain(path)) ?? false
/** What commands before have written stands over what was there. */
export function withWritten(environment: CommandEnvironment): CommandEnvironment {
  const written = environment.driver.kept.get(kept) as Files | undefined
  if (!written) return environment
  return {
    ...environment, readFile: path => written.get(plain(path)) ?? environment.readFile(path),
    listFiles(folder, deep) {
      const before = environment.listFiles?.(folder, deep), inside = `${plain(folder).replace(/\/$/, '')}/`
      const added = [...written.keys()].filter(path => path.startsWith(inside) && (deep || !path.slice(inside.length).includes('/')))
      return before === undefined && added.length === 0 ? undefined : [...new Set([...before ?? [], ...added])].sort()
    },
  }
}
