import { Chalk } from 'chalk'
import { plainStyle, type Style } from '../base/render.ts'

/** How diagnostics look on a terminal of so many colours. */
export function styleFor(level: 0 | 1 | 2 | 3): Style {
  if (level === 0) return plainStyle
  const chalk = new Chalk({ level })
  return { error: chalk.red.bold, warning: chalk.yellow.bold, place: chalk.cyan, dim: chalk.dim, help: chalk.green }
}
