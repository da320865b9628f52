/** The sentence cannot be judged as written (undefined, exit 2); the runner knows it by its name. */
export class CannotRun extends Error { override readonly name = 'CannotRun' }

/** What the sentence speaks of has no behaviour in this model (inconclusive); the runner knows it by its name. */
export class NotModelled extends Error { override readonly name = 'NotModelled' }

/** Why something did not come about, unless that is because the model has no behaviour for it. */
export function knownReason(why: string): string {
  const at = why.indexOf(unmodelled)
  if (at >= 0) throw new NotModelled(why.slice(at + unmodelled.length))
  return why
}
const unmodelled = 'not modelled: '

/** What the sentence speaks of never came to be, so that neither it nor its opposite would show anything (vacuous); the runner knows it by its name. */
export class ShowsNothing extends Error { override readonly name = 'ShowsNothing' }
