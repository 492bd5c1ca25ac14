import { listHosts } from '../nats/ask-hosts';
import { readServerOptions, type ServerOptions } from './server-options';

/** Prints the hosts that answer. */
export async function hosts(options: ServerOptions & { json?: boolean }): Promise<void> {
  const found = await listHosts(readServerOptions(options));
  if (options.json === true) return console.log(JSON.stringify(found, null, 2));
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
