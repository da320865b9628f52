/** Where a key stands, or would stand, in a sorted list. `keyOf`: of a member; itself unless given. */
export function lowerBound<T>(list: readonly T[], key: string, keyOf: (member: T) => string = String): number {
  let low = 0, high = list.length
  while (low < high) { const middle = (low + high) >> 1; if (keyOf(list[middle]) < key) low = middle + 1; else high = middle }
  return low
}
