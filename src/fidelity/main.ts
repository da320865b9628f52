import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { replayFile } from './replay-file.ts'

/**
 * `npm run fidelity -- DIR [--write DIR] [--min N] [--show FILE[:SCENARIO]]`: replays the recorded scenarios of a folder on the model,
 * writes what it did in the format of the goldens and compares the two with the measure that everybody uses.
 */
const argv = process.argv.slice(2)
const option = (name: string): string | undefined => { const i = argv.indexOf(name); return i < 0 ? undefined : argv.splice(i, 2)[1] }
const flag = (name: string): boolean => { const i = argv.indexOf(name); return i >= 0 && argv.splice(i, 1).length > 0 }

const goldensIn = (folder: string): string[] => readdirSync(folder).sort().flatMap(name => {
  const path = join(folder, name)
  return statSync(path).isDirectory() && name !== 'node_modules' ? goldensIn(path)
    : name.endsWith('.golden.json') && existsSync(path.replace('.golden.json', '.feature')) ? [path]
    : []
})

async function replayed(): Promise<number> {
  const write = option('--write'), min = option('--min'), show = option('--show'), only = option('--only'), verbose = flag('--verbose')
  const [folder] = argv
  if (!folder || !existsSync(folder)) {
    console.error('usage: npm run fidelity -- DIR [--write DIR] [--min PERCENT] [--show FILE[:SCENARIO]] [--only FILE] [--verbose]')
    return 2
  }
  const target = write ?? mkdtempSync(join(tmpdir(), 'kscenario-fidelity-'))
  let complaints = 0
  for (const file of goldensIn(folder)) {
    if (only && !file.includes(only)) continue
    const goldens = await replayFile(file.replace('.golden.json', '.feature'), readFileSync(file, 'utf8'), text => {
      complaints++
      if (verbose) console.error(text)
    })
    const path = join(target, relative(folder, file))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(goldens, null, 1) + '\n')
  }
  if (complaints && !verbose) console.error(`${complaints} steps did not hold on the model (--verbose tells them)`)
  const compare = join(dirname(fileURLToPath(import.meta.url)), '../test/fidelity/compare.mjs')
  const { status } = spawnSync(
    process.execPath, [compare, folder, target, ...(min ? ['--min', min] : []), ...(show ? ['--show', show] : [])], { stdio: 'inherit' }
  )
  if (!write) rmSync(target, { recursive: true })
  return status ?? 3
}
export async function main(): Promise<void> { process.exitCode = await replayed() }
