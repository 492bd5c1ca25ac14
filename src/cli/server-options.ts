import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { connectionOptions, type NatsSettings } from '../nats/connection-options';

/** The options of commands that ask the hosts. */
export interface ServerOptions {
  servers: string;
  /** A file with `servers`, `tls` and `credentials` or `nkey`. */
  config?: string;
}

/** What the library of NATS needs. A command does not wait for a server that is not there. */
export function readServerOptions({ servers, config }: ServerOptions): ReturnType<typeof connectionOptions> {
  const settings = config === undefined ? { servers } : (JSON.parse(readFileSync(config, 'utf8')) as NatsSettings);
  return { ...connectionOptions(settings, config === undefined ? '.' : dirname(resolve(config))), maxReconnectAttempts: 0 };
}
