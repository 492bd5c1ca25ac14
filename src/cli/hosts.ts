import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { connect } from '../nats/index';
import { connectionOptions, type NatsSettings } from '../nats/connection-options';
import { Master } from '../master/master';

/** Prints the hosts that answer. */
export async function hosts({ servers, config, json }: { servers: string; config?: string; json?: boolean }): Promise<void> {
  const settings = config === undefined ? { servers } : (JSON.parse(readFileSync(config, 'utf8')) as NatsSettings);
  const folder = config === undefined ? '.' : dirname(resolve(config));
  const cluster = await connect(new Master(), { ...connectionOptions(settings, folder), maxReconnectAttempts: 0 });
  const found = await cluster.hosts();
  await cluster.close();
  if (json === true) return console.log(JSON.stringify(found, null, 2));
  if (found.length === 0) return console.log('No host answers. Start one: npx dist-io host --config host.json');
  console.table(
    found.map(({ name, slaves, maxSlaves, load, version, scripts, labels, isDraining }) => ({
      host: name,
      slaves: `${slaves} of ${maxSlaves}`,
      load: load.toFixed(2),
      version,
      scripts: Object.entries(scripts)
        .map(([id, script]) => (script.version === null ? id : `${id} ${script.version}`))
        .join(', '),
      labels: Object.entries(labels)
        .map(([label, value]) => `${label}=${String(value)}`)
        .join(', '),
      state: isDraining ? 'draining' : 'ready',
    })),
  );
}
