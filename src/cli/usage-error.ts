/** A mistake of the user's: its message is all that is shown, exit 2. */
export class UsageError extends Error { override readonly name = 'UsageError' }
