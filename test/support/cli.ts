import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const bin = join(import.meta.dirname, '../../bin/kscenario.js')

export interface Transcript { readonly stdout: string; readonly stderr: string; readonly code: number | null; readonly text: string }

/** Runs the built command in a fresh folder with these files. What the wall clock says is replaced by `N`. */
export function kscenario(
  args: readonly string[], files: Readonly<Record<string, string>> = {}, after?: (folder: string) => void,
  env: Readonly<Record<string, string | undefined>> = {}
): Transcript {
  const folder = mkdtempSync(join(tmpdir(), 'kscenario-test-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    const { stdout, stderr, status } = spawnSync(process.execPath, [bin, ...args], {
      cwd: folder, encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined, GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined, ...env },
    })
    after?.(folder)
    const plain = stdout.replace(/ virtual in [\d.]+s/g, ' virtual in Ns')
    return { stdout: plain, stderr, code: status, text: `\n${plain}${stderr ? `stderr: ${stderr}` : ''}exit ${status}\n` }
  } finally { rmSync(folder, { recursive: true }) }
}
