import { expect } from 'chai';
import { type Import, importsOf, sourceFiles, textOf } from './imports';

/** The folders of `src` in the order of DESIGN: each imports only from those of earlier lines, and itself. */
const ORDER: readonly (readonly string[])[] = [
  ['format', 'platform', 'performance'],
  ['errors'],
  ['units', 'option-rules', 'task-marks'],
  ['protocol'],
  ['channel', 'requests', 'supervision'],
  ['spawn', 'slave'],
  ['handles'],
  ['patterns'],
  ['master'],
  ['decorators', 'cache'],
  ['inversify', 'nats'],
  ['cli', 'index'],
];

/** The master's side and the slave's side share only messages. */
const MASTER_SIDE = ['requests', 'supervision', 'spawn', 'handles', 'patterns', 'master'];
const SLAVE_SIDE = ['slave', 'decorators', 'cache'];

/** Entries that nothing in `src` imports. */
const ENTRIES = ['index', 'cli', 'cache'];

/** The folders that a folder may import from, besides itself. */
function allowed(folder: string): string[] {
  const level = ORDER.findIndex((folders) => folders.includes(folder));
  const forbidden = SLAVE_SIDE.includes(folder) ? MASTER_SIDE : MASTER_SIDE.includes(folder) ? SLAVE_SIDE : [];
  return ORDER.slice(0, level)
    .flat()
    .filter((other) => !forbidden.includes(other) && !ENTRIES.includes(other));
}

/** The only folder that imports a module from outside. */
const OWNERS: Record<string, string> = {
  semver: 'nats',
  ...Object.fromEntries(
    ['child_process', 'cluster', 'dgram', 'http', 'http2', 'https', 'net', 'tls', 'worker_threads'].map((name) => [name, 'channel']),
  ),
  inversify: 'inversify',
  '@nats-io': 'nats',
  'reflect-metadata': 'decorators',
  commander: 'cli',
  bytes: 'units',
  ms: 'units',
  'fastest-levenshtein': 'option-rules',
};

/** `src/slave/task-server.ts` is in the folder `slave`, `src/units.ts` is one by itself. */
function folderOf(path: string): string {
  return path.split('/')[1].replace(/\.ts$/, '');
}

function violation({ file, line, target }: Import): string | undefined {
  const folder = folderOf(file);
  const at = `${file}:${line} imports ${target}`;
  if (!ORDER.flat().includes(folder)) return `${at}: the folder ${folder} has no place yet; add it to ORDER`;
  if (target.startsWith('src/')) {
    const names = [folder, ...allowed(folder)];
    return names.includes(folderOf(target)) ? undefined : `${at}: ${folder} may import only ${names.join(', ')}`;
  }
  const owner = OWNERS[target.split('/')[0]] as string | undefined;
  return owner === undefined || owner === folder ? undefined : `${at}: only ${owner} may`;
}

function violations(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((one) => violation(one) ?? []);
}

describe('import rules', () => {
  it('imports - follow the order of the folders', () => {
    const found = sourceFiles().flatMap((file) => violations(file, textOf(file)));
    expect(found, found.join('\n')).to.be.empty;
  });

  it('order - no folder may import index, cli or cache', () => {
    const targets = new Set(ORDER.flat().flatMap(allowed));
    for (const entry of ENTRIES) expect(targets.has(entry), entry).to.equal(false);
  });

  for (const line of [
    "import { Master } from '../master/master';",
    "import type { Master } from '../master/master';",
    "import '../master/master';",
    "import master = require('../master/master');",
    "export { Master } from '../master/master';",
    "export type { Master } from '../master/master';",
    "export * from '../master/master';",
    "type Master = import('../master/master').Master;",
    "let master: typeof import('../master/master');",
    "const master = import('../master/master.js');",
    "const master = require('../master/master');",
    "const master = require('../master/master') as object;",
    "const path = require.resolve('../master/master');",
  ]) {
    it(`reading - finds the import in: ${line}`, () => {
      const rule = 'slave may import only slave, format, platform, performance, errors, units, option-rules, task-marks, protocol, channel';
      expect(violations('src/slave/fake.ts', `// a comment\n${line}`)).to.deep.equal([
        `src/slave/fake.ts:2 imports src/master/master: ${rule}`,
      ]);
    });
  }

  it('reading - ignores comments and strings', () => {
    const text = "/** import { Master } from '../master/master'; */\nconst text = `require('../master/master')`;";
    expect(violations('src/slave/fake.ts', text)).to.deep.equal([]);
  });

  it('owners - a module of Node or a package is imported by one folder', () => {
    expect(violations('src/slave/fake.ts', "import { isMainThread } from 'node:worker_threads';")).to.deep.equal([
      'src/slave/fake.ts:1 imports worker_threads: only channel may',
    ]);
    expect(violations('src/decorators/fake.ts', "import { inject } from 'inversify';")).to.deep.equal([
      'src/decorators/fake.ts:1 imports inversify: only inversify may',
    ]);
    expect(violations('src/channel/fake.ts', "import { connect } from 'net';")).to.deep.equal([]);
  });

  it('sides - the master and the slave never import each other', () => {
    expect(violations('src/handles/fake.ts', "import { Slave } from '../slave/slave';")).to.have.length(1);
    expect(violations('src/decorators/fake.ts', "import { Master } from '../master/master';")).to.have.length(1);
    expect(violations('src/master/fake.ts', "import { Workpool } from '../patterns/workpool/workpool';")).to.deep.equal([]);
  });

  it('folders - a new one needs a place in the order', () => {
    expect(violations('src/attic/fake.ts', "import '../errors';")[0]).to.contain('the folder attic has no place yet');
  });
});
