import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createLanguage } from '../cli/language.ts'
import { fileLister, fileReader } from '../runner/files.ts'
import type { Files } from '../runner/files.ts'
import { kindNames } from './final-objects.ts'
import { replay } from './replay.ts'
import type { Images } from './replay.ts'
import type { Golden } from './recording.ts'

const files: Files = {
  kind(path) { const s = statSync(path, { throwIfNoEntry: false }); return s?.isFile() ? 'file' : s?.isDirectory() ? 'directory' : undefined },
  list: path => readdirSync(path),
  read: path => readFileSync(path, 'utf8'),
}

/** Replays every scenario of a feature that its goldens tell of, in their order. */
export async function replayFile(feature: string, goldens: string, complain: (text: string) => void): Promise<readonly Golden[]> {
  const { language, tools, createDriver, kinds, runCommand } = await createLanguage()
  const read = language.read(feature, readFileSync(feature, 'utf8'))
  for (const d of read.diagnostics) complain(d.text)
  const kindList = kindNames(kinds())
  const told: Golden[] = []
  const recorded = JSON.parse(goldens) as readonly Golden[], ends = recorded.some(g => g.timeline.some((t: any) => t.type === 'DELETED'))
  let shared = '', present: Images = new Map()
  for (const expected of recorded) {
    const parsed = read.scenarios.find(s => s.name === expected.scenario)
    if (!parsed) { complain(`${feature}: no scenario is called ${expected.scenario}`); continue }
    const plan = parsed.bind(), world = plan.tags.includes('@shared-cluster') ? JSON.stringify(expected.world) : ''
    if (world === '' || world !== shared) present = new Map()
    shared = world
    const golden = await replay(
      plan, expected, {
        tools, createDriver, kinds: kindList, readFile: fileReader(files, feature, []), listFiles: fileLister(files, feature, []), runCommand, ends, complain,
      }, present
    )
    if (world !== '') present = withPulled(present, golden)
    told.push(golden)
  }
  return told
}

/** The recorder ran scenarios with the same world in one cluster, whose nodes kept what they had pulled. */
function withPulled(present: Images, golden: Golden): Images {
  const nodes = new Map<string, string>(), images = new Map([...present].map(([node, names]) => [node, new Set(names)]))
  for (const t of golden.timeline) {
    const node = t.kind === 'Pod' ? t.object?.spec?.nodeName ?? t.changed?.['spec.nodeName']?.[1] : undefined
    if (node) nodes.set(`Pod/${t.name}`, node)
  }
  for (const e of golden.events) {
    const image = /^Successfully pulled image "([^"]+)"/.exec(e.message)?.[1], node = nodes.get(e.regarding)
    if (image && node) images.set(node, (images.get(node) ?? new Set()).add(image))
  }
  return images
}
