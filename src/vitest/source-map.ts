const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A number as source maps write it: five bits a digit, the sign in the last bit. Source: ECMA-426, "Mappings structure" (Base64 VLQ). */
function vlq(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1, text = ''
  do {
    const bits = rest & 31
    rest >>>= 5
    text += digits[rest > 0 ? bits | 32 : bits]
  } while (rest > 0)
  return text
}

/** A source map in which each line of the module, from its first column, stands for a place (1-based) of the source. */
export function sourceMap(file: string, text: string, lines: readonly { readonly line: number; readonly column: number }[]): string {
  let line = 0, column = 0
  const mappings = lines.map(place => {
    const segment = vlq(0) + vlq(0) + vlq(place.line - 1 - line) + vlq(place.column - 1 - column)
    line = place.line - 1; column = place.column - 1
    return segment
  })
  return JSON.stringify({ version: 3, sources: [file], sourcesContent: [text], names: [], mappings: mappings.join(';') })
}
