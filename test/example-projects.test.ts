import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..'), bin = join(root, 'bin/kscenario.js')
const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
/** Runs an example as its reader would: `cd examples/NAME && kscenario run`. */
const example = (name: string, ...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> => new Promise(done => {
  execFile(process.execPath, [bin, 'run', ...args], { cwd: join(root, 'examples', name), env, maxBuffer: 1e7 }, (error, stdout, stderr) =>
    done({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 }))
})
const lastLine = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string =>
  `${stdout.trim().split('\n').at(-1)?.replace(/ · \d+ scenarios?.*/, '')}${stderr}`

describe.concurrent('every example passes', () => {
  test.each([['own-step', '2 passed'], ['own-kind', '6 passed'], ['own-platform', '4 passed'], ['preset', '2 passed']])('%s', async (name, wanted) => {
    const ran = await example(name, '--no-reports')
    expect({ last: lastLine(ran), code: ran.code }).toEqual({ last: wanted, code: 0 })
  })
  test('indexed-job', async () => { expect(lastLine(await example('indexed-job', '.', '--no-reports'))).toBe('1 passed') })
  test('own-reporter', async () => {
    expect((await example('own-reporter')).stdout).toBe(
      'file,line,status,virtual seconds\nfeatures/two.feature,3,passed,0.688\nfeatures/two.feature,7,passed,20.688\n'
    )
  })
  test('cucumber', async () => {
    const cucumber = join(root, 'node_modules/.bin/cucumber-js'), cwd = join(root, 'examples/cucumber')
    const stdout = await new Promise<string>(done => { execFile(cucumber, [], { cwd, env }, (_, out) => done(out)) })
    expect(stdout).toMatch(/^3 scenarios \(3 passed\)\n10 steps \(10 passed\)/m)
  })
  test('preset, with presets of its config', async () => {
    expect(lastLine(await example('preset', '--preset', 'quick', '--preset', 'high-availability', '--no-reports'))).toBe('1 passed')
  })
})

test('the README of the examples names each', () => {
  const named = [...readFileSync(join(root, 'examples/README.md'), 'utf8').matchAll(/^\| \[`([\w-]+)`\]/gm)].map(m => m[1]).sort()
  expect(named).toEqual(readdirSync(join(root, 'examples'), { withFileTypes: true }).filter(e => e.isDirectory()).map(e => e.name).sort())
})
