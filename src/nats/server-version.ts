import type { NatsConnection } from '@nats-io/transport-node';
import { lt, satisfies } from 'semver';
import { isLoopback } from './connection-options';

/** The first releases of each line without known holes, as of November 2026. */
const SAFE = '2.11.16, 2.12.7 or later';

/** Warns of a server with known holes, unless nobody else can reach it. */
export function warnOfOldServer(connection: NatsConnection): void {
  const { version } = connection.info ?? {};
  if (version === undefined || isLoopback(connection.getServer()) || !isOld(version)) return;
  process.emitWarning(`The NATS server has version ${version}, which has known security holes. Use ${SAFE}.`, {
    code: 'DIST_IO_OLD_NATS_SERVER',
  });
}

/** Whether a version of nats-server is known to be unsafe. */
export function isOld(version: string): boolean {
  return lt(version, '2.11.16') || satisfies(version, '>=2.12.0 <2.12.7', { includePrerelease: true });
}
