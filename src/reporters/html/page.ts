import { script, style } from './generated/client.ts'
import type { ReportData } from './model.ts'

/** `<` would end the element; everything else may stand in a script of type JSON. */
const embedded = (data: ReportData): string => JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** The page asks nobody for anything: its policy forbids every request. */
export function page(data: ReportData): string {
  const total = data.scenarios.length
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="kscenario ${escape(data.version)}">
<title>${escape(`${data.exitCode === 0 ? '✓' : '✗'} ${data.counts.passed} of ${total} passed`)} · kscenario</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This report draws itself with JavaScript. ${data.counts.passed} of ${total} scenarios passed, exit code ${data.exitCode}.</noscript>
<div id="app"></div>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`
}
