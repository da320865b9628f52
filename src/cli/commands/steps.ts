import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const steps = defineCommand({
  usage: 'steps [words...]',
  summary: 'show everything a scenario may say: steps, predicates, modalities, faults, words of a journey',
  options: [['--no-color', 'no colour (also: NO_COLOR=1)'], ['-f, --format <name>', 'text, markdown (the step reference), json, or glue, for editors made for Cucumber (default text)']],
  help: `With words only the entries that speak of all of them.

Examples:
  kscenario steps
  kscenario steps node drain
  kscenario steps --format markdown > docs/steps.md
  kscenario steps --format glue > features/kscenario.steps.ts   # where Cucumber's editor plug-ins look for steps\n`,
  async run([words], options, host) {
    const format = options.format ?? 'text'
    if (!['text', 'markdown', 'json', 'glue'].includes(format)) throw new UsageError(`--format ${format}: there are text, markdown, json and glue`)
    const [{ catalogue }, { catalogueText, catalogueMarkdown }, { extensions }] = await Promise.all([
      import('../catalogue.ts'), import('../catalogue-text.ts'), import('../language.ts'),
    ])
    const wanted = (words as readonly string[]).flatMap(w => w.toLowerCase().split(/\s+/)).filter(w => w !== '')
    const says = (entry: object): boolean => { const text = JSON.stringify(entry).toLowerCase(); return wanted.every(w => text.includes(w)) }
    const sections = catalogue(await extensions(host)).map(s => ({ ...s, entries: s.entries.filter(says) })).filter(s => s.entries.length)
    if (sections.length === 0) { host.err(`nothing speaks of ${wanted.join(' and ')}; \`kscenario steps\` lists everything that can be said\n`); return EXIT.cannotRun }
    if (format === 'glue') { host.out((await import('../glue.ts')).glue(sections)); return EXIT.passed }
    host.out(format === 'json' ? JSON.stringify(sections, null, 2) + '\n' : format === 'markdown' ? catalogueMarkdown(sections) : catalogueText(sections))
    return EXIT.passed
  },
})
