// Objects of the same properties should have the same shape (V8's hidden class), however they were made: code that meets a few shapes runs several
// times faster than code that meets thousands. In V8 11.3 (Node.js 20) `{ ...object, added: 1 }` gives nearly every object a shape of its own: the copy
// begins with a new map, which no other object shares (Runtime_CloneObjectIC_Miss, FastCloneObjectMap in src/ic/ic.cc), and each property
// that is added makes another. A copy into an object that is there already goes through the shapes that all literals share. So in what is built every
// literal that begins with a spread begins with one of nothing, which alters no value: `{ ...null, ...object, added: 1 }`.
import { parse } from 'acorn'
import { simple } from 'acorn-walk'

const ofNothing = '...null, '

/** The same program with shapes that are shared. `sourceType`: 'script' or 'module'. Lines stay where they are. Throws a SyntaxError for what is no JavaScript. */
export function sharedShapes(text, sourceType) {
  if (!/\{\s*\.\.\./.test(text)) return text
  const places = []
  simple(parse(text, { ecmaVersion: 'latest', sourceType }), {
    ObjectExpression(literal) {
      if (literal.properties[0]?.type === 'SpreadElement') places.push(literal.start + 1)
    },
  })
  const pieces = places.sort((a, b) => a - b).map((place, i) => text.slice(places[i - 1] ?? 0, place))
  return [...pieces, text.slice(places.at(-1) ?? 0)].join(ofNothing)
}

/** The same for modules that Vite loads, once their types are gone. */
export const sharedShapesPlugin = {
  name: 'shared-shapes',
  enforce: 'post',
  transform: (code, id) => /\.ts$/.test(id) ? { code: sharedShapes(code, 'module'), map: null } : undefined,
}
