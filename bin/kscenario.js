#!/usr/bin/env node
import { load } from './load.js'

const { main } = await load('cli')
await main(process.argv.slice(2))
