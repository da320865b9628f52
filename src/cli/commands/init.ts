import { EXIT } from '../exit-codes.ts'
import { UsageError } from '../usage-error.ts'
import { defineCommand } from './command.ts'

export const init = defineCommand({
  usage: 'init [dir]',
  summary: 'make a project that passes: a feature, its manifest, a checklist and a CI workflow',
  options: [],
  help: `Files that exist are kept.

Examples:
  kscenario init
  kscenario init my-scenarios\n`,
  async run([dir], _options, host) {
    const folder = dir ?? '.'
    if (host.files.kind(folder) === 'file') throw new UsageError(`init ${folder}: there is a file of this name`)
    const { starter } = await import('../starter.ts')
    for (const [name, content] of Object.entries(starter)) {
      const path = folder === '.' ? name : `${folder.replace(/\/+$/, '')}/${name}`
      if (host.files.kind(path)) { host.out(`kept  ${path}\n`); continue }
      const out = host.file(path)
      out.write(content)
      out.close()
      host.out(`made  ${path}\n`)
    }
    host.out(
      `\nNow:\n${folder === '.' ? '' : `  cd ${folder}\n`}  npm install\n  npx kscenario run           # the scenarios, on a modelled cluster\n  npx kscenario run --watch   # again, as soon as a file changes\n`
    )
    return EXIT.passed
  },
})
