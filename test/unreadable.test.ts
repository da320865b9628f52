import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createHost } from '../src/cli/host.ts'
import { commandLine } from '../src/cli/main.ts'
import { manifestsBeside } from '../src/lsp/manifests.ts'
import { fileLister, findFeatures } from '../src/runner/files.ts'
import type { Files } from '../src/runner/files.ts'
import { memoryHost } from './support/memory-host.ts'

/** What cannot be read hides nothing else, and is told by its name. */
it('finds every feature once, whatever links there are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kscenario-links-'))
  try {
    mkdirSync(join(folder, 'deep.feature')); mkdirSync(join(folder, 'other'))
    writeFileSync(join(folder, 'a.feature'), 'Feature: a'); writeFileSync(join(folder, 'deep.feature/b.feature'), 'Feature: b')
    symlinkSync('..', join(folder, 'other/up')); symlinkSync('self', join(folder, 'self')); symlinkSync('nowhere', join(folder, 'lost.feature'))
    const { files } = createHost([], false)
    expect(findFeatures([folder], files).files.map(f => f.path.slice(folder.length + 1))).toEqual(['a.feature', 'deep.feature/b.feature', 'lost.feature'])
    expect(findFeatures([join(folder, 'self')], files).missing).toEqual([join(folder, 'self')])
    expect(files.read(join(folder, 'lost.feature'))).toBeUndefined()
  } finally { rmSync(folder, { recursive: true }) }
})
it('names a folder that nobody may look into', () => {
  const files: Files = {
    kind: path => path.endsWith('.feature') ? 'file' : 'directory', read: () => undefined,
    list(path) { if (path === 'locked') throw new Error('EACCES'); return path === '.' ? ['a.feature', 'locked'] : [] },
  }
  expect(findFeatures(['.'], files).files.map(f => f.path)).toEqual(['a.feature', 'locked'])
  expect(fileLister(files, 'a.feature', [])('locked', true)).toEqual([])
})
it.each(['lint', 'fmt --check'])('kscenario %s goes on behind a file that cannot be read', async command => {
  const host = memoryHost({ 'a.feature': '', 'b.feature': 'Feature: b\n  Scenario: c\n    Given a clustr\n' }, command.split(' '))
  const read = (path: string): string | undefined => path === 'a.feature' ? undefined : host.files.read(path)
  expect(await commandLine({ ...host, files: { ...host.files, read } })).toBe(2)
  expect(host.told()).toMatch(/a\.feature/)
  expect(host.told()).toContain('b.feature')
  expect(host.told()).toMatch(/cannot be read/)
})
it('offers, and looks for, what lies beside a folder that nobody may look into', async () => {
  const host = memoryHost({ 'a.feature': 'Feature: a\n  Scenario: b\n    Given a cluster\n    When I apply "web.yml"\n', 'web.yaml': 'a: 1', 'locked/x.yaml': '' }, ['lint'])
  const files: Files = { ...host.files, list(path) { if (path.endsWith('locked')) throw new Error('EACCES'); return host.files.list(path) } }
  expect(manifestsBeside('a.feature', files)).toEqual(['web.yaml'])
  await commandLine({ ...host, files })
  expect(host.told()).toContain('did you mean')
  expect(host.told()).toContain('web.yaml')
})
