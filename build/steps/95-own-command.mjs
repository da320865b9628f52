// Links the package's own command where `npx kscenario` looks first. Without the link npm sets up an environment of its own in its cache at
// the first call in every checkout, which takes a second and stays broken if that call is interrupted.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

export default async function ownCommand(root) {
  const folder = join(root, 'node_modules/.bin')
  if (process.platform === 'win32' || !existsSync(join(root, 'node_modules'))) return // npm's own way works there too
  mkdirSync(folder, { recursive: true })
  const link = join(folder, 'kscenario')
  rmSync(link, { force: true })
  symlinkSync('../../bin/kscenario.js', link)
}
