import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLanguage } from '../../src/cli/language.ts'
import { complaints, projectFiles, runProject } from './suite.ts'

const root = join(import.meta.dirname, '../..')

/** What holds for every scenario that ships: it passes, the same way each time, and none of its actions is there for nothing. */
export function scenarioLaws(folder: string): void {
  const features = readdirSync(join(root, folder)).filter(f => f.endsWith('.feature')).sort().map(f => `${folder}/${f}`)

  describe('every claim holds on the model', () => {
    test.each(features)('%s, the same whether scenarios share their beginnings or each goes through its own', async feature => {
      const first = await runProject([feature]), again = await runProject([feature], {}, { alone: true })
      expect(complaints(first.finished)).toEqual([])
      expect(first.finished.map(f => f.traceHash)).not.toContain(undefined)
      expect(again.events).toEqual(first.events)
    })
  })

  describe('no `When` of a scenario is there for nothing', () => {
    test.each(features)('%s', async feature => {
      const { language } = await createLanguage(undefined, { files: projectFiles() }), text = readFileSync(join(root, feature), 'utf8')
      const lines = text.split('\n'), idle: string[] = []
      for (const scenario of language.read(feature, text).scenarios) {
        const plan = scenario.bind()
        for (const step of plan.steps.filter(s => s.keywordType === 'action')) {
          const { finished } = await runProject([feature], { [feature]: withoutStep(lines, step.line) }, {
            selection: { names: [new RegExp(`^${plan.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)] },
          })
          if (!finished.some(f => f.status === 'failed' || f.status === 'vacuous')) idle.push(`${feature}:${step.line} ${step.text}`)
        }
      }
      expect([...new Set(idle)]).toEqual([])
    })
  })
}

/** The lines of a step, its table or doc string included. */
function withoutStep(lines: readonly string[], line: number): string {
  let end = line // 1-based line of the step is index line - 1; end: the first index behind it
  const next = lines[end]?.trim() ?? ''
  if (/^("""|```)/.test(next)) { const fence = next.slice(0, 3); do end++; while (lines[end].trim() !== fence); end++ }
  else while (lines[end]?.trim().startsWith('|')) end++
  const rest = lines.slice(end), kept = [...lines.slice(0, line - 1)]
  // what said `And` behind a removed `When` still says what it said
  const follower = rest.findIndex(l => l.trim() !== '')
  if (/^\s*When\b/.test(lines[line - 1]) && /^\s*And\b/.test(rest[follower] ?? '')) rest[follower] = rest[follower].replace('And', 'When')
  return [...kept, ...rest].join('\n')
}
