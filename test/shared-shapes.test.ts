import { expect, test } from 'vitest'
import { sharedShapes } from '../build/shared-shapes.mjs'

test('copies of objects begin with nothing, so that they share their shapes', () => {
  expect(sharedShapes('const copy = { ...object, added: 1 }', 'module')).toBe('const copy = {...null,  ...object, added: 1 }')
  expect(sharedShapes('f({\n  ...{ ...a },\n  b\n})', 'script')).toBe('f({...null, \n  ...{...null,  ...a },\n  b\n})')
})

test('what is not a copy stays as it is', () => {
  for (const text of ['const { ...rest } = object', 'f({ a, ...b })', 'f([...a])', '({ ...rest } = object)', "'{ ...a }'"]) {
    expect(sharedShapes(text, 'module')).toBe(text)
  }
})

test('a copy is the same as before: own properties alone, in their order, the last one counts, even of names that mean something', () => {
  const copy = (text: string) => [text, sharedShapes(text, 'script')].map(t => new Function('object', `return ${t}`) as (object: object) => object)
  const object = Object.assign(Object.create({ inherited: 1 }) as object, { b: 1, a: 2, 7: 3 })
  Object.defineProperty(object, '__proto__', { value: 5, enumerable: true })
  for (const text of ['({ ...object, c: 1 })', '({ ...object, a: 1, ...undefined })', '({ ...object, ...{ d: 1 }, b: 0 })']) {
    const [plain, shared] = copy(text).map(f => f(object))
    expect(Object.entries(shared)).toEqual(Object.entries(plain))
    expect(Object.getPrototypeOf(shared)).toBe(Object.prototype)
  }
})
