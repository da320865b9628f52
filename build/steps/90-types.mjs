// Declarations of the public library, dist/types: what an editor of a user of the package reads.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export default async function types(root) {
  const options = [
    '--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--rewriteRelativeImportExtensions', '--outDir', 'dist/types', '--rootDir', 'src',
  ]
  execFileSync(
    process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'build/tsconfig.types.json', ...options], { cwd: root, stdio: 'inherit' }
  )
}
