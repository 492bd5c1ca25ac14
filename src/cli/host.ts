import { HostAgent } from '../nats/host-agent';
import { readHostConfig } from '../nats/host-config';
import { Date, wallClock } from '../platform';
import { version } from './package';

/**
 * Runs a host until SIGTERM or Ctrl-C. It then takes no more slaves, waits for those that run, and ends; a second signal ends them at once.
 *
 * @param file its configuration
 * @throws TypeError for a wrong configuration
 */
export async function host(file: string | undefined): Promise<void> {
  if (file === undefined) throw new TypeError('Which configuration? npx dist-io host --config host.json');
  // One line of JSON for each decision.
  const log = (event: object): void => console.log(JSON.stringify({ time: new Date(wallClock()).toISOString(), ...event }));
  const agent = await HostAgent.start(readHostConfig(file), version, log);
  const end = async (): Promise<void> => {
    await agent.close();
    process.exit();
  };
  void agent.drained.then(end);
  let isEnding = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (isEnding) void end();
      else agent.drain();
      isEnding = true;
    });
}
