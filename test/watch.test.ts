import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const bin = join(import.meta.dirname, '../bin/kscenario.js')
const feature = (name: string, ...steps: readonly string[]): string => `Feature: ${name}\n\n  Scenario: ${name}\n${steps.map(s => `    ${s}\n`).join('')}`

test('kscenario run --watch runs again what a change touches, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kscenario-watch-'))
  const write = (file: string, text: string): void => { writeFileSync(join(folder, 'new'), text); renameSync(join(folder, 'new'), join(folder, file)) }
  mkdirSync(join(folder, 'm'))
  write('m/pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: x/web:1}]}\n')
  write('a.feature', feature('One', 'Given a cluster', 'Then node worker-1 is Ready'))
  write('b.feature', feature('Two', 'Given a cluster', 'When I apply "m/pod.yaml"', 'Then pod web eventually Running'))
  const child = spawn(process.execPath, [bin, 'run', '--watch'], { cwd: folder, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } })
  let told = '', wake = (): void => undefined
  child.stdout.on('data', data => { told += data; wake() })
  const ended = new Promise<number | null>(done => { child.on('exit', code => { done(code); wake() }) })
  /** What is told up to the next time it waits. */
  const next = async (): Promise<string> => {
    while (!told.includes('q ends\n') && child.exitCode === null) await new Promise<void>(done => { wake = done })
    const part = told
    told = ''
    return part
  }
  const marks = (text: string): string[] => text.match(/[✓✗?∅] \w+/g) ?? []
  try {
    expect(marks(await next())).toEqual(['✓ One', '✓ Two'])
    write('a.feature', feature('One', 'Given a cluster', 'Then node worker-1 is down'))
    const failed = await next()
    expect(failed).toContain('── a.feature changed ──')
    expect(new Set(marks(failed))).toEqual(new Set(['✗ One']))
    child.stdin.write('f')
    expect(new Set(marks(await next()))).toEqual(new Set(['✗ One']))
    write('m/pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: x/web:2}]}\n')
    expect(marks(await next())).toEqual(['✓ Two'])
    write('a.feature', feature('One', 'Given a cluster', 'Then node worker-1 is Ready'))
    expect(marks(await next())).toEqual(['✓ One'])
    const two = (second: string): string =>
      `${feature('One', 'Given a cluster', 'Then node worker-1 is Ready')}\n${feature('Three', 'Given a cluster', second).split('\n').slice(2).join('\n')}`
    write('a.feature', two('Then node worker-1 is down'))
    expect(new Set(marks(await next()))).toEqual(new Set(['✗ Three']))
    write('a.feature', two('Then node worker-1 is Ready'))
    expect(marks(await next())).toEqual(['✓ Three'])
    child.stdin.write('q')
    expect(await ended).toBe(0)
  } finally { child.kill(); rmSync(folder, { recursive: true }) }
})
