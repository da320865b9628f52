import { defineReporter } from 'kscenario'

/** A reporter sees the events of the runner, in the order of the run, and writes to its output; nothing else. */
export const csv = defineReporter({
  name: 'csv',
  doc: 'a line for each scenario: file, line, status, virtual seconds',
  open(out) {
    out.write('file,line,status,virtual seconds\n')
    return event => { if (event.type === 'scenarioFinished') out.write(`${event.scenario.file},${event.scenario.line},${event.status},${event.virtualMs / 1000}\n`) }
  },
})
