/** A table that is asked by what somebody has written: it has no names but its own, unlike an object, which also has `constructor` and `__proto__`. */
export const tableOf = <T>(own: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.assign(Object.create(null) as Record<string, T>, own)
