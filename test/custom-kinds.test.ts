import { describe, expect, test } from 'vitest'
import { customKindsIn } from '../src/cli/custom-kinds.ts'
import { createLanguage } from '../src/cli/language.ts'

const DEFINITION = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: discounts.example.com }
spec:
  group: example.com
  names: { plural: discounts, singular: discount, kind: Discount, shortNames: [dc, off] }
  scope: Namespaced
---
kind: ConfigMap
singular: no
`

describe('names that definitions give', () => {
  test('in a text itself', () => { expect(customKindsIn(DEFINITION, undefined)).toEqual(['dc', 'discount', 'discounts', 'off']) })
  test('in files that it names, if they can be read', () => {
    const read = (path: string): string | undefined => path === 'a/crd.yaml' ? DEFINITION : undefined
    expect(customKindsIn('When I apply "a/crd.yaml"\nAnd I apply "b.yaml"', read)).toEqual(['dc', 'discount', 'discounts', 'off'])
  })
  test('as JSON', () => {
    expect(customKindsIn('{"kind": "CustomResourceDefinition", "spec": {"names": {"plural": "a-b", "kind": "AB"}}}', undefined)).toEqual(['a-b', 'ab'])
  })
  test('none where nothing is defined', () => { expect(customKindsIn('kind: ConfigMap', undefined)).toEqual([]) })
})

test('sentences know a kind in the features that define it, and nowhere else', async () => {
  const { language } = await createLanguage(undefined, {
    files: { kind: () => 'file', list: () => [], read: path => path === './crd.yaml' ? DEFINITION : undefined },
  })
  const readings = (steps: string): string[] =>
    language.read('a.feature', `Feature: f\n  Scenario: s\n${steps}`).scenarios.flatMap(s => s.bind().steps).map(s => s.reading.type)
  const then = '    Then discount summer is present\n    And discount.example.com summer is absent\n'
  expect(readings(`    Given a cluster\n    And I apply "crd.yaml"\n${then}`)).toEqual(['bound', 'bound', 'bound', 'bound'])
  expect(readings(`    Given a cluster\n${then}`)).toEqual(['bound', 'undefined', 'bound'])
})
