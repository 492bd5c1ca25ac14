import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { credsAuthenticator, nkeyAuthenticator, type NodeConnectionOptions } from '@nats-io/transport-node';
import { boolean, nonEmptyString, object, type OptionReader, satisfying } from '../option-rules';

/** How a program reaches the NATS servers, in a configuration file. Paths are relative to its folder. */
export interface NatsSettings {
  /** The address of a server, or of several of one cluster. Default: `'nats://127.0.0.1:4222'`. */
  servers?: string | readonly string[];
  /** The files of the certificates: `caFile`, and with mTLS `certFile` and `keyFile`. */
  tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  /** The file with a JWT and its seed. */
  credentials?: string;
  /** The file with the seed of an NKey. */
  nkey?: string;
  /** Does without TLS and authentication. Only for servers on loopback. Default: false. */
  insecure?: boolean;
}

const isServers = (value: unknown): value is string | readonly string[] =>
  [value].flat().every((server) => typeof server === 'string' && server !== '');

export const CONNECTION_RULES = {
  servers: satisfying('an address such as nats://127.0.0.1:4222, or an array of addresses', isServers),
  tls: object,
  credentials: nonEmptyString,
  nkey: nonEmptyString,
  insecure: boolean,
} satisfies Record<keyof NatsSettings, OptionReader>;

/** Options of every connection: it is never given up, and a server that has restarted is found within a fraction of a heartbeat. */
export const PERSISTENT: NodeConnectionOptions = {
  maxReconnectAttempts: -1,
  reconnectTimeWait: 200,
  reconnectJitter: 100,
  timeout: 5000,
  // Otherwise each message captures a stack.
  noAsyncTraces: true,
};

/** The options for the library of NATS. @param folder what paths are relative to */
export function connectionOptions({ servers, tls, credentials, nkey }: NatsSettings, folder: string): NodeConnectionOptions {
  const path = (file: string): string => resolve(folder, file);
  const authenticator =
    credentials !== undefined
      ? credsAuthenticator(readFileSync(path(credentials)))
      : nkey !== undefined
        ? nkeyAuthenticator(readFileSync(path(nkey)))
        : undefined;
  return {
    ...PERSISTENT,
    ...(servers !== undefined && { servers: [servers].flat() }),
    ...(tls !== undefined && { tls: Object.fromEntries(Object.entries(tls).map(([name, file]) => [name, path(file)])) }),
    ...(authenticator !== undefined && { authenticator }),
  };
}

/** Whether all servers are on this machine. */
export function isLoopback(servers: NatsSettings['servers'] = 'nats://127.0.0.1:4222'): boolean {
  return [servers].flat().every((server) => {
    const { hostname } = new URL(/^[a-z]+:\/\//.test(server) ? server : `nats://${server}`);
    return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  });
}
