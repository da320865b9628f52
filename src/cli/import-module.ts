import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { threadId } from 'node:worker_threads'

/** Imports a file of the project, as it is now, or a package by its name. TypeScript goes where Node.js takes it, or through the project's esbuild. */
export async function importModule(path: string): Promise<unknown> {
  const file = resolve(path)
  if (!existsSync(file)) return import(pathToFileURL(resolvePackage(path)).href)
  // the time of its last change makes it another module, so that a watch sees what was edited
  if (!/\.[cm]?ts$/.test(file) || takesTypes()) {
    try { return await import(`${pathToFileURL(file).href}?${statSync(file).mtimeMs}`) } catch (error) { throw ofCommonJs(error) ?? error }
  }
  return importBundled(file)
}

/** What Node.js says of `import` and `export` in a package of CommonJS, as `npm init` makes one, with what to do. */
const ofCommonJs = (error: unknown): Error | undefined =>
  error instanceof SyntaxError && /import statement outside a module|Unexpected token 'export'/.test(error.message)
    ? new Error('is an ES module in a package of CommonJS: write `"type": "module"` into package.json, or name the file .mjs')
    : undefined

/** Node.js 22.18 and later take the types away themselves. */
const takesTypes = (): boolean => !!(process.features as { typescript?: unknown }).typescript

interface Esbuild { build(options: Readonly<Record<string, unknown>>): Promise<{ readonly outputFiles: readonly { readonly text: string }[] }> }
function esbuildOf(file: string): Esbuild {
  const require = createRequire(file)
  try { return require('esbuild') as Esbuild } catch {
    throw new Error(
      `is TypeScript, which Node.js ${process.versions.node} does not read: add esbuild to the project (npm install --save-dev esbuild), use Node.js 22.18 or later, or write it as .js`
    )
  }
}

/** The file and what it imports by path in one module, for a moment beside it, so that its packages are found from there. */
async function importBundled(file: string): Promise<unknown> {
  const define = { 'import.meta.dirname': JSON.stringify(dirname(file)), 'import.meta.filename': JSON.stringify(file) }
  const { outputFiles: [{ text }] } = await esbuildOf(file).build({
    entryPoints: [file], bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20', packages: 'external', sourcemap: 'inline',
    sourcesContent: false, logLevel: 'silent', define,
  })
  const bundled = join(dirname(file), `.${basename(file)}.${process.pid}-${threadId}-${count++}.mjs`)
  writeFileSync(bundled, text)
  process.setSourceMapsEnabled(true) // stacks name the lines that people wrote
  try { return await import(pathToFileURL(bundled).href) } finally { rmSync(bundled, { force: true }) }
}
let count = 0

/** Where a package begins, seen from the working directory; one for `import` alone is looked up in its package.json. */
function resolvePackage(name: string): string {
  const require = createRequire(join(process.cwd(), 'kscenario.config.js'))
  try { return require.resolve(name) } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new Error(`no such file or package: ${name}`)
  }
  const folder = require.resolve.paths(name)!.map(p => join(p, name)).find(p => existsSync(join(p, 'package.json')))!
  const { exports: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: any }
  const main = entry['.'] ?? entry
  return join(folder, typeof main === 'string' ? main : main.import?.default ?? main.import ?? main.default)
}
