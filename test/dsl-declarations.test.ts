import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkExamples, type DeclaredLanguage } from './support/check-examples.ts'
import { sampleLanguage } from './support/sample-language.ts'

/** The built-in definitions, by whichever room has its index; a variable path, so that a room under construction breaks nothing. */
async function builtIn(): Promise<DeclaredLanguage> {
  const list = async (file: string, name: string): Promise<any[]> => {
    if (!existsSync(file)) return []
    const room: Record<string, any> = await import(/* @vite-ignore */ pathToFileURL(file).href)
    return room[name] ?? Object.values(room).find(Array.isArray) ?? []
  }
  return { steps: await list('src/steps/index.ts', 'steps'), predicates: await list('src/assertions/predicates/index.ts', 'predicates') }
}

describe('declarations', () => {
  it('every example of a built-in parses to it and to nothing else', async () => {
    expect(checkExamples(await builtIn())).toEqual([])
  })

  it('the law finds what breaks it', () => {
    const withExamples = (declared: readonly any[], examples: Record<string, string[]>): any[] =>
      declared.map(d => ({ ...d, examples: examples[d.id] ?? ['a cluster'] }))
    const found = checkExamples({
      steps: withExamples(sampleLanguage.steps.slice(0, 2), { cluster: [], 'nodes-table': ['the nods:'] }),
      predicates: withExamples(sampleLanguage.predicates.slice(1, 2), { ready: ['a cluster'] }),
    })
    expect(found.map(line => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'cluster: has no',
      'nodes-table: `the nods:`:',
      'ready: `a cluster`',
    ])
  })
})
