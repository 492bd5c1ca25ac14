import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { isOld } from '../../src/nats/server-version';

const read = (name: string): string => readFileSync(join(__dirname, '../../examples/cluster', name), 'utf8');

/** The only document of a file. @throws for wrong YAML and for keys that are there twice */
function manifest(name: string): unknown {
  const [document, ...others] = parseAllDocuments(read(name), { strict: true, uniqueKeys: true });
  expect(others).to.deep.equal([]);
  expect([...document.errors, ...document.warnings]).to.deep.equal([]);
  return document.toJS();
}

/** In seconds: the default of `drainTimeout` in host.json. */
const DRAIN = 30;

describe('examples: manifests of the cluster', () => {
  it('compose.yaml - has a safe server, and gives hosts time to drain', () => {
    const { services } = manifest('compose.yaml') as { services: { nats: { image: string }; host: { stop_grace_period: string } } };
    expect(isOld(services.nats.image.replace('nats:', ''))).to.equal(false);
    expect(parseInt(services.host.stop_grace_period)).to.be.greaterThan(DRAIN);
  });

  it('kubernetes.yaml - gives hosts time to drain, runs without root, and mounts the configuration where the image reads it', () => {
    interface Pod {
      terminationGracePeriodSeconds: number;
      containers: { securityContext: object; volumeMounts: { name: string; mountPath: string }[] }[];
      volumes: { name: string }[];
    }
    const { kind, spec } = manifest('kubernetes.yaml') as {
      kind: string;
      spec: { selector: { matchLabels: object }; template: { metadata: { labels: object }; spec: Pod } };
    };
    const pod = spec.template.spec;
    const [{ securityContext, volumeMounts }] = pod.containers;
    expect(kind).to.equal('StatefulSet');
    expect(spec.selector.matchLabels).to.deep.equal(spec.template.metadata.labels);
    expect(pod.terminationGracePeriodSeconds).to.be.greaterThan(DRAIN);
    expect(securityContext).to.include({ runAsNonRoot: true, allowPrivilegeEscalation: false });
    expect(volumeMounts.map(({ name }) => name)).to.deep.equal(pod.volumes.map(({ name }) => name));
    expect(read('Dockerfile')).to.include(`${volumeMounts[0].mountPath}/host.json`);
  });

  it('Dockerfile - starts the host without npx, which would not pass SIGTERM on', () => {
    const command = JSON.parse(/^CMD (.*)$/m.exec(read('Dockerfile'))![1]) as string[];
    expect(command.slice(0, 3)).to.deep.equal(['node', 'node_modules/dist-io/dist/cli/main.js', 'host']);
  });
});
