import type { MasterChannel, SlaveConfig } from './channel';

/** Environment variable that carries the {@link SlaveConfig}. The slave deletes it, so that its child processes do not start as slaves. */
export const CONFIG_VARIABLE = 'DIST_IO_SLAVE';

/** Reads the configuration of this process or thread; undefined when it is not a slave, or has deleted the variable already. */
export function givenConfig(): SlaveConfig | undefined {
  const config = process.env[CONFIG_VARIABLE];
  return config === undefined ? undefined : (JSON.parse(config) as SlaveConfig);
}

/** Opens the slave's end of its channel. Loads only the module of the slave's own runtime. */
export function connect(config: SlaveConfig): MasterChannel {
  return config.runtime === 'process' ? lazy.process().connectProcess(config) : lazy.thread().connectThread(config);
}

/* eslint-disable @typescript-eslint/no-require-imports */
const lazy = {
  process: () => require('./process-channel-slave') as typeof import('./process-channel-slave'),
  thread: () => require('./thread-channel-slave') as typeof import('./thread-channel-slave'),
};
/* eslint-enable @typescript-eslint/no-require-imports */
