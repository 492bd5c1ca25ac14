import type { MasterChannel, SlaveConfig } from './channel';

/** The environment variable that hands a slave its {@link SlaveConfig}; the slave removes it, so that its own children are no slaves. */
export const CONFIG_VARIABLE = 'DIST_IO_SLAVE';

/** What the master has handed to this process or thread; undefined when it is not a slave, or has already read it. */
export function givenConfig(): SlaveConfig | undefined {
  const config = process.env[CONFIG_VARIABLE];
  return config === undefined ? undefined : (JSON.parse(config) as SlaveConfig);
}

/** The slave's end of its channel: a slave loads the one that it uses. */
export function connect(config: SlaveConfig): MasterChannel {
  /* eslint-disable @typescript-eslint/no-require-imports */
  if (config.runtime === 'process')
    return (require('./process-channel-slave') as typeof import('./process-channel-slave')).connectProcess(config);
  return (require('./thread-channel-slave') as typeof import('./thread-channel-slave')).connectThread(config);
  /* eslint-enable @typescript-eslint/no-require-imports */
}
