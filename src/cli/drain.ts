import { drainHost } from '../nats/drain-host';
import { readServerOptions, type ServerOptions } from './server-options';

/** Asks a host to take no more slaves, and to leave once those that run have ended or were moved. */
export async function drain(host: string, options: ServerOptions): Promise<void> {
  await drainHost(host, readServerOptions(options));
  console.log(`The host '${host}' takes no more slaves and leaves once its slaves have ended.`);
}
