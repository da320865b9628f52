// The script and the style of the HTML report → two strings in a module, so that the page is one file.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const from = 'src/reporters/html/client', to = 'src/reporters/html/generated/client.ts'

export default async function reportClientStep(root) {
  const common = {
    bundle: true, minify: true, write: false, logLevel: 'warning', target: ['chrome109', 'firefox115', 'safari16'], charset: 'utf8', legalComments: 'none',
  }
  const [script, style] = await Promise.all([
    build({ ...common, entryPoints: [join(root, from, 'main.ts')], format: 'iife' }), build({ ...common, entryPoints: [join(root, from, 'style.css')] }),
  ])
  const text = result => result.outputFiles[0].text.trim()
  if (/<\/script|<!--/i.test(text(script)) || /<\/style/i.test(text(style))) throw new Error(`${from}: would end the element that it stands in`)
  mkdirSync(join(root, to, '..'), { recursive: true })
  writeFileSync(
    join(root, to),
    `// Generated from ${from}; never edited.\nexport const script: string = ${JSON.stringify(text(script))}\nexport const style: string = ${JSON.stringify(text(style))}\n`
  )
}
