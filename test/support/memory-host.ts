import { createHost } from '../../src/cli/host.ts'
import type { Host } from '../../src/cli/host.ts'
import { commandLine } from '../../src/cli/main.ts'

const real = createHost([], false)

/** A host whose files are these, and whose output is kept. */
export function memoryHost(files: Readonly<Record<string, string>>, args: readonly string[] = []): Host & { readonly told: () => string } {
  const names = Object.keys(files), bare = (path: string): string => path.replace(/^\.\//, '')
  let told = ''
  const write = (text: string): void => { told += text }
  return {
    ...real, args, told: () => told, out: write, err: write, stdout: () => ({ write, colourLevel: 0, columns: 100 }), threads: 1,
    files: {
      kind: path => files[bare(path)] !== undefined ? 'file' : path === '.' || names.some(n => n.startsWith(`${bare(path)}/`)) ? 'directory' : undefined,
      list: path => [...new Set(names.filter(n => path === '.' || n.startsWith(`${bare(path)}/`)).map(n =>
        (path === '.' ? n : n.slice(bare(path).length + 1)).split('/')[0]))],
      read: path => files[bare(path)],
    },
  }
}

/** What the command line says to these arguments in a folder of these files, without wall-clock times, and its exit code. */
export async function say(args: readonly string[], files: Readonly<Record<string, string>>): Promise<string> {
  const host = memoryHost(files, args), code = await commandLine(host)
  return `${host.told().replace(/ virtual in [\d.]+s/g, '')}exit ${code}\n`
}
