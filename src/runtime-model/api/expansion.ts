/** `$(NAME)` is the value of a variable that is known, else itself; `$$` is one `$`. Source: third_party/forked/golang/expansion/expand.go */
export const expanded = (text: string, known: (name: string) => string | undefined): string =>
  text.replace(/\$(?:(\$)|\(([^()]*)\))/g, (whole, dollar, name) => dollar ? '$' : known(name) ?? whole)
