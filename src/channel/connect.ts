import { isMainThread } from 'node:worker_threads';
import type { MasterChannel, SlaveConfig } from './channel';

/** The slave's end of the channel, in the world that this code finds itself in: a slave loads the one channel that it uses. */
export function connect(config: SlaveConfig): MasterChannel {
  /* eslint-disable @typescript-eslint/no-require-imports */
  if (isMainThread) return (require('./process') as typeof import('./process')).connectProcess(config);
  return (require('./thread') as typeof import('./thread')).connectThread(config);
  /* eslint-enable @typescript-eslint/no-require-imports */
}
