#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { load } from './load.js'

// a run is short: optimising a function as early as V8 of Node.js 20 would, after 132 KiB of bytecode, takes longer than it saves; later ones have no such flag
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=614400')

const { main } = await load('cli')
await main(process.argv.slice(2))
