import { expect } from 'chai';
import { type Import, importsOf, sourceFiles, textOf } from './imports';

/** Which rooms a room may name; itself it may always. */
const DIRECTIONS: Record<string, readonly string[]> = {
  errors: [],
  units: ['errors'],
  rules: ['errors'],
  protocol: ['errors'],
  channel: ['protocol', 'errors'],
  slave: ['protocol', 'channel', 'errors', 'units', 'rules'],
  master: ['protocol', 'channel', 'errors', 'units', 'rules'],
  patterns: ['master', 'protocol', 'errors', 'units', 'rules'],
  decorators: ['slave', 'errors', 'units', 'rules'],
  cache: ['slave', 'protocol', 'errors', 'units', 'rules'],
  inversify: ['decorators', 'patterns', 'master', 'slave', 'channel', 'protocol', 'errors', 'units', 'rules'],
  cli: ['inversify', 'decorators', 'patterns', 'master', 'slave', 'channel', 'protocol', 'errors', 'units', 'rules'],
  index: ['decorators', 'patterns', 'master', 'slave', 'channel', 'protocol', 'errors', 'units', 'rules'],
};

/** Patterns stand above the master, but it is the master that creates them, in one place. */
const CREATOR = 'src/master/master.ts';

/** Which room alone may name a module from outside. */
const SECRETS: Record<string, string> = {
  ...Object.fromEntries(
    ['child_process', 'cluster', 'dgram', 'http', 'http2', 'https', 'net', 'tls', 'worker_threads'].map((name) => [name, 'channel']),
  ),
  inversify: 'inversify',
  'reflect-metadata': 'decorators',
  commander: 'cli',
  bytes: 'units',
  ms: 'units',
  'fastest-levenshtein': 'rules',
};

/** `src/slave/serve.ts` is in the room `slave`, `src/errors.ts` is one by itself. */
function roomOf(path: string): string {
  return path.split('/')[1].replace(/\.ts$/, '');
}

function violation({ file, line, target }: Import): string | undefined {
  const room = roomOf(file);
  const at = `${file}:${line} imports ${target}`;
  if (!Object.hasOwn(DIRECTIONS, room)) return `${at}: the room ${room} has no rule yet; write one into DIRECTIONS`;
  if (target.startsWith('src/')) {
    const allowed = [room, ...DIRECTIONS[room]];
    if (file === CREATOR && roomOf(target) === 'patterns') return undefined;
    return allowed.includes(roomOf(target)) ? undefined : `${at}: ${room} may import only ${allowed.join(', ')}`;
  }
  const owner = SECRETS[target.split('/')[0]] as string | undefined;
  return owner === undefined || owner === room ? undefined : `${at}: only ${owner} may`;
}

function violations(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((one) => violation(one) ?? []);
}

describe('directions', () => {
  it('imports - follow the directions of the house', () => {
    const found = sourceFiles().flatMap((file) => violations(file, textOf(file)));
    expect(found, found.join('\n')).to.be.empty;
  });

  it('rules - no room may import index, cli or cache', () => {
    const allowed = new Set(Object.values(DIRECTIONS).flat());
    expect(allowed.has('index')).to.equal(false);
    expect(allowed.has('cli')).to.equal(false);
    expect(allowed.has('cache')).to.equal(false);
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
    it(`reading - sees ${line}`, () => {
      const rule = 'slave may import only slave, protocol, channel, errors, units, rules';
      expect(violations('src/slave/fake.ts', `// a comment\n${line}`)).to.deep.equal([
        `src/slave/fake.ts:2 imports src/master/master: ${rule}`,
      ]);
    });
  }

  it('reading - passes over comments and texts', () => {
    const text = "/** import { Master } from '../master/master'; */\nconst text = `require('../master/master')`;";
    expect(violations('src/slave/fake.ts', text)).to.deep.equal([]);
  });

  it('secrets - a module of Node or a package belongs to one room', () => {
    expect(violations('src/slave/fake.ts', "import { isMainThread } from 'node:worker_threads';")).to.deep.equal([
      'src/slave/fake.ts:1 imports worker_threads: only channel may',
    ]);
    expect(violations('src/decorators/fake.ts', "import { inject } from 'inversify';")).to.deep.equal([
      'src/decorators/fake.ts:1 imports inversify: only inversify may',
    ]);
    expect(violations('src/channel/fake.ts', "import { connect } from 'net';")).to.deep.equal([]);
  });

  it('creator - the master alone, and no other file of its room, names the patterns', () => {
    expect(violations('src/master/master.ts', "import { Parallel } from '../patterns/parallel';")).to.deep.equal([]);
    expect(violations('src/master/fake.ts', "import { Parallel } from '../patterns/parallel';")).to.have.length(1);
  });

  it('rooms - a new one needs a rule', () => {
    expect(violations('src/attic/fake.ts', "import '../errors';")[0]).to.contain('the room attic has no rule yet');
  });
});
