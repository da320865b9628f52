import type { CliCommand } from './commands/command.ts'

/** One option as shells want it: its spellings, whether a value follows, and its help. */
interface Flag { readonly names: readonly string[]; readonly value?: string; readonly text: string }

const flagOf = ([flags, text]: CliCommand['options'][number]): Flag => ({ names: flags.match(/--?[\w-]+/g) ?? [], value: /<([^>]+)>/.exec(flags)?.[1], text })
const nameOf = ({ usage }: CliCommand): string => usage.split(' ')[0]
/** values that are known beforehand, by what --help calls them */
const valuesOf = (command: string, { names, value }: Flag): readonly string[] | undefined => {
  if (value === undefined) return []
  if (/dir|file/.test(value) && !value.includes('[')) return undefined
  if (command === 'lint' && names.includes('--format')) return ['text', 'json']
  if (command === 'steps' && names.includes('--format')) return ['text', 'markdown', 'json', 'glue']
  if (command === 'parse' && names.includes('--format')) return ['messages', 'ast', 'pickles', 'steps']
  if (command === 'run' && names.includes('--format')) return ['terminal', 'html:', 'junit:', 'json:', 'checklist:', 'messages:', 'tap:', 'github']
  return []
}
/** what stands behind a command: feature files, or words of its own */
const wordsOf = (command: string): readonly string[] | undefined => (command === 'completion' ? ['bash', 'zsh', 'fish'] : command === 'steps' ? [] : undefined)

export const shells = ['bash', 'zsh', 'fish'] as const

/** A script that completes commands, options, their values and feature files. Made from the table of commands. */
export function completionFor(shell: (typeof shells)[number], commands: readonly CliCommand[]): string {
  return { bash, zsh, fish }[shell](commands)
}

function bash(commands: readonly CliCommand[]): string {
  const cases = commands.map(c =>
    `    ${nameOf(c)}) options="${[...c.options.flatMap(o => flagOf(o).names), '--help'].join(' ')}"; words="${wordsOf(nameOf(c))?.join(' ') ?? '*'}" ;;`)
  const values = commands.flatMap(c => c.options.map(flagOf).flatMap(flag => {
    const known = valuesOf(nameOf(c), flag)
    if (flag.value === undefined) return []
    const then = known === undefined ? `COMPREPLY=($(compgen -f -- "$current"))` : `COMPREPLY=($(compgen -W "${known.join(' ')}" -- "$current"))`
    return [`    ${flag.names.map(n => `"${nameOf(c)} ${n}"`).join('|')}) ${then}; return ;;`]
  }))
  return `# kscenario completion bash >> ~/.bashrc
_kscenario() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" options="" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "${[...commands.map(nameOf), 'help', '--help', '--version'].join(' ')}" -- "$current")); return; fi
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
    help) COMPREPLY=($(compgen -W "${commands.map(nameOf).join(' ')}" -- "$current")); return ;;
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [ "$words" = "*" ]; then COMPREPLY=($(compgen -d -- "$current") $(compgen -f -X '!*.feature' -- "$current"))
  else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o filenames -F _kscenario kscenario
`
}

const quote = (text: string): string => text.replace(/'/g, `'\\''`)

function zsh(commands: readonly CliCommand[]): string {
  const escape = (text: string): string => quote(text).replace(/[[\]:]/g, '\\$&')
  const option = (command: string, flag: Flag): string[] => flag.names.map(name => {
    const known = valuesOf(command, flag)
    const value = flag.value === undefined
      ? ''
      : `:${escape(flag.value)}:${known === undefined ? '_files' : known.length > 0 ? `(${known.map(escape).join(' ')})` : ''}`
    return `'*${name}[${escape(flag.text)}]${value}'`
  })
  const cases = commands.map(c => {
    const words = wordsOf(nameOf(c))
    const rest = words === undefined ? `'*:feature file:_files -g "*.feature(-.)"'` : words.length > 0 ? `'*:word:(${words.join(' ')})'` : `'*:word:'`
    return `    ${nameOf(c)}) _arguments ${[...c.options.flatMap(o => option(nameOf(c), flagOf(o))), `'--help[show help]'`, rest].join(' ')} ;;`
  })
  return `#compdef kscenario
# kscenario completion zsh > "\${fpath[1]}/_kscenario"
_kscenario() {
  local -a commands
  commands=(${commands.map(c => `'${nameOf(c)}:${escape(c.summary)}'`).join(' ')} 'help:show help of a command')
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
    help) _describe command commands ;;
  esac
}
compdef _kscenario kscenario
`
}

function fish(commands: readonly CliCommand[]): string {
  const lines = commands.flatMap(c => {
    const name = nameOf(c), when = `-n '__fish_seen_subcommand_from ${name}'`, words = wordsOf(name)
    const options = c.options.map(flagOf).map(flag => {
      const spelt = flag.names.map(n => (n.startsWith('--') ? `-l ${n.slice(2)}` : `-s ${n.slice(1)}`)).join(' ')
      const known = valuesOf(name, flag)
      const value = flag.value === undefined ? '' : known === undefined ? ' -r -F' : ` -x${known.length > 0 ? ` -a '${known.join(' ')}'` : ''}`
      return `complete -c kscenario ${when} ${spelt}${value} -d '${quote(flag.text)}'`
    })
    const rest = words === undefined ? `-k -a '(__fish_complete_suffix .feature)'` : words.length > 0 ? `-a '${words.join(' ')}'` : ''
    return [
      `complete -c kscenario -n __fish_use_subcommand -a ${name} -d '${quote(c.summary)}'`, ...options,
      ...(rest ? [`complete -c kscenario ${when} ${rest}`] : []),
    ]
  })
  return `# kscenario completion fish > ~/.config/fish/completions/kscenario.fish\ncomplete -c kscenario -f\n${lines.join('\n')}\n`
}
