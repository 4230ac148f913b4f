#!/usr/bin/env node
// Starts the `mesogun` command from its TypeScript sources, without a build step. Runs at the desk.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./cli.ts');
await main();
