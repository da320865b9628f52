/**
 * The same text. V8 keeps what was put together as a chain of its pieces, of several times the size, until somebody reads a character of it: worth it for
 * texts that are kept by the ten thousand.
 */
export function onePiece(text: string): string {
  text.charCodeAt(0)
  return text
}
