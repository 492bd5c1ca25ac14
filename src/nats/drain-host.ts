import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { drainOf, isName } from './subjects';

/** @throws TypeError for a name that no host has; an error if it does not answer, as a rejection */
export async function drainHost(name: string, options: NodeConnectionOptions): Promise<void> {
  if (!isName(name)) throw new TypeError(`A host has a name of letters, digits, - and _, not '${String(name)}'.`);
  const connection = await connect(options);
  try {
    await connection.request(drainOf(name));
  } catch (error) {
    throw new Error(`The host '${name}' does not answer, or this user may not ask it (${(error as Error).message}).`, { cause: error });
  } finally {
    await connection.close();
  }
}
