import { readFileSync, statSync } from 'node:fs'
import { createLanguage } from '../cli/language.ts'
import { fileReader } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'
import { kindNames } from './final-objects.ts'
import { replay } from './replay.ts'
import type { Golden } from './recording.ts'

const files: Files = {
  kind(path) { const s = statSync(path, { throwIfNoEntry: false }); return s?.isFile() ? 'file' : s?.isDirectory() ? 'directory' : undefined },
  list: () => [],
  read: path => readFileSync(path, 'utf8'),
}

/** Replays every scenario of a feature that its goldens tell of, in their order. */
export async function replayFile(feature: string, goldens: string, complain: (text: string) => void): Promise<readonly Golden[]> {
  const { language, tools, createDriver, kinds, runCommand } = await createLanguage()
  const read = language.read(feature, readFileSync(feature, 'utf8'))
  for (const d of read.diagnostics) complain(d.text)
  const kindList = kindNames(kinds())
  const told: Golden[] = []
  for (const expected of JSON.parse(goldens) as Golden[]) {
    const parsed = read.scenarios.find(s => s.name === expected.scenario)
    if (!parsed) { complain(`${feature}: no scenario is called ${expected.scenario}`); continue }
    told.push(await replay(parsed.bind(), expected, { tools, createDriver, kinds: kindList, readFile: fileReader(files, feature, []), runCommand, complain }))
  }
  return told
}
