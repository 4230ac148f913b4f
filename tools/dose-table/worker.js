// Starts the dose table's worker thread from its TypeScript sources. Threads do not inherit the loader of the main one.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
