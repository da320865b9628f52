import { build } from 'esbuild'
const r = await build({ entryPoints: ['.scratch/all.ts'], outfile: 'dist/k.cjs', bundle: true, platform: 'node', format: 'cjs', target: 'node20', loader: {'.json':'json'}, external: ['@cucumber/cucumber','vitest','esbuild'], define: {'import.meta.url': '__metaUrl'}, logLevel: 'warning', metafile: true })
import { writeFileSync } from 'node:fs'
writeFileSync('.scratch/meta.json', JSON.stringify(r.metafile))
