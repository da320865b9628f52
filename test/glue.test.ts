import { CucumberExpression, ParameterType, ParameterTypeRegistry } from '@cucumber/cucumber-expressions'
import { expect, test } from 'vitest'
import { builtin } from '../src/builtin.ts'
import { catalogue } from '../src/cli/catalogue.ts'
import { expressionsOf, glue, parametersOf } from '../src/cli/glue.ts'

const sections = catalogue([builtin]), expressions = expressionsOf(sections), registry = new ParameterTypeRegistry()
for (const [name, regexp] of parametersOf(expressions)) {
  registry.defineParameterType(new ParameterType(name, new RegExp(regexp), String, (s: string) => s, false, false))
}
const compiled = expressions.map(e => new CucumberExpression(e, registry))

test('every example of the step reference is found by an editor that looks for step definitions', () => {
  const examples = sections.filter(s => ['world', 'action', 'fault', 'time', 'sentence', 'predicate'].includes(s.id)).flatMap(
    s => s.entries.flatMap(e => e.examples)
  )
  expect(examples.length).toBeGreaterThan(200)
  expect(examples.filter(text => !compiled.some(e => e.match(text)))).toEqual([])
})
test('what no step reads is not found', () => {
  expect(['I juggle with pod catalog', 'the moon is made of cheese', 'a bookstore'].filter(text => compiled.some(e => e.match(text)))).toEqual([])
})
test('the file defines each parameter type once, and each form', () => {
  const lines = glue(sections).split('\n')
  expect([lines.filter(l => l.startsWith('Given(')).length, new Set(lines.filter(l => l.startsWith('defineParameterType')))]).toEqual(
    [expressions.length, new Set(lines.filter(l => l.startsWith('defineParameterType')))]
  )
})
