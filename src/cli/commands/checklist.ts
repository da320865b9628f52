import { plural } from '../../base/clock.ts'
import { checklistsOf } from '../../runner/checklist.ts'
import { findFeatures } from '../../runner/files.ts'
import { readTags } from '../../runner/tags.ts'
import type { Checklist, ChecklistItem } from '../../runner/events.ts'
import { EXIT } from '../exit-codes.ts'
import type { Host } from '../host.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

interface Cover { readonly file: string; readonly line: number; readonly name: string }
type Covers = ReadonlyMap<string, readonly Cover[]>

export const checklist = defineCommand({
  usage: 'checklist [paths...]',
  summary: 'show the items of checklist.yaml, and which scenarios speak of them',
  options: [
    ['--coverage', 'exit code 1 if no scenario speaks of a MUST item'],
    ['--hints <n>', 'show the first n hints of each item'],
    ['-f, --format <name>', 'text or json (default text)'],
  ],
  help: `Runs nothing: whether the scenarios hold is what \`kscenario run\` says (reports/checklist.md).

Examples:
  kscenario checklist scenarios/
  kscenario checklist --coverage
  kscenario checklist --hints 1\n`,
  async run([paths], options, host) {
    const format: string = options.format ?? 'text'
    if (!['text', 'json'].includes(format)) throw new UsageError(`--format ${format}: there are text and json`)
    if (options.hints !== undefined && !/^\d+$/.test(options.hints)) throw new UsageError(`--hints ${options.hints}: not a number`)
    const { checklists, covers } = await look(paths.length ? paths : [['scenarios', 'features'].find(d => host.files.kind(d) === 'directory') ?? '.'], host)
    if (checklists.length === 0) { host.err('no checklist.yaml beside these features or above them\n'); return EXIT.cannotRun }
    host.out(
      format === 'json'
        ? JSON.stringify(
          checklists.map(c => ({ file: c.file, title: c.title, items: c.items.map(i => ({ ...i, scenarios: covers.get(i.id) ?? [] })) })), null, 2
        )
          + '\n'
      : checklists.map(c => text(c, covers, Number(options.hints ?? 0))).join('\n')
    )
    const bare = checklists.flatMap(c => c.items).filter(i => i.level === 'MUST' && !covers.has(i.id))
    return options.coverage && bare.length ? EXIT.failed : EXIT.passed
  },
})

async function look(paths: readonly string[], host: Host): Promise<{ readonly checklists: readonly Checklist[]; readonly covers: Covers }> {
  const { createReader } = await import('../language.ts')
  const { language } = await createReader(host)
  const { files, missing } = findFeatures(paths, host.files)
  if (missing.length) throw new UsageError(`no such file or directory: ${missing[0]}`)
  const { checklists, broken } = checklistsOf(files.map(f => f.path), host.files)
  if (broken.length) throw new UsageError(broken[0].message)
  const covers = new Map<string, Cover[]>()
  for (const { path } of files) {
    for (const { name, line, tags } of language.read(path, host.files.read(path) ?? '').scenarios) {
      for (const id of readTags(tags).checklist) covers.set(id, [...(covers.get(id) ?? []), { file: path, line, name }])
    }
  }
  return { checklists, covers }
}

function text({ file, title, items }: Checklist, covers: Covers, hints: number): string {
  const covered = items.filter(i => covers.has(i.id))
  const width = Math.max(...items.map(i => i.id.length), 4)
  return [
    `${title}  ${file}`, `${covered.length} of ${plural(items.length, 'item')} covered`, '',
    ...items.flatMap(i => itemLines(i, covers.get(i.id) ?? [], width, hints)),
  ].join('\n') + '\n'
}

const itemLines = (item: ChecklistItem, covers: readonly Cover[], width: number, hints: number): string[] => [
  `${covers.length ? '✓' : '·'} ${item.id.padEnd(width)}  ${item.level.padEnd(6)}  ${item.text}${item.points === 1 ? '' : `  (${plural(item.points, 'point')})`}`,
  ...(covers.length
    ? covers.map(c => `${' '.repeat(width + 12)}${c.name}  ${c.file}:${c.line}`)
    : [`${' '.repeat(width + 12)}no scenario has the tag @checklist:${item.id}`]),
  ...item.hints.slice(0, hints).map((hint, i) => `${' '.repeat(width + 12)}hint ${i + 1}: ${hint.trim().replace(/\s+/g, ' ')}`),
]
