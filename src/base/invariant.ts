/** Our own mistakes: a broken invariant is a bug of this program, never of an author or of the modelled cluster. */
export class InvariantError extends Error { override readonly name = 'InvariantError' }

export function invariant(holds: unknown, message: string): asserts holds {
  if (!holds) throw new InvariantError(message)
}
