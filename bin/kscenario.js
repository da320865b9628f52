#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { load } from './load.js'

// a run is short: optimising a function as early as V8 would takes longer than it saves (Node.js 20: 132 KiB of bytecode)
setFlagsFromString('--interrupt-budget=614400')

const { main } = await load('cli')
await main(process.argv.slice(2))
