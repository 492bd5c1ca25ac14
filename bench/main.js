// dist-io beside the bare platform and its peers: `npm run bench`, about 20 minutes. `--only messages` runs one suite, `--case 'a number'` the
// cases with this in their name, `--rounds 1 --ms 100` is shorter. `--json file` writes the figures to a file, `--record` writes them to
// `bench/recorded`, `docs/figures.md` and `docs/charts`. Only the ratios are comparable: absolute figures depend on the machine and its load.
const { fork } = require('node:child_process');
const { once } = require('node:events');
const { writeFileSync } = require('node:fs');
const { availableParallelism, cpus } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { format, resolveConfig } = require('prettier');
const { isPinned } = require('./pin');
const { page, table } = require('./report');

/** By name, the file that has it. */
const SUITES = {
  messages: './suites/messages',
  'two workers': './suites/messages',
  moved: './suites/moved',
  start: './suites/start',
  broadcasts: './suites/broadcasts',
  makespan: './suites/makespan',
  published: './suites/published',
  cluster: './suites/cluster',
  durable: './suites/durable',
};

/** Those that need more than Node run only when they are asked for. */
const BY_DEFAULT = Object.keys(SUITES).filter((name) => !['cluster', 'durable'].includes(name));

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    ms: { type: 'string', default: '300' },
    case: { type: 'string', default: '' },
    'without-peers': { type: 'boolean', default: false },
    json: { type: 'string' },
    record: { type: 'boolean' },
    // Of the process of one suite.
    suite: { type: 'string' },
  },
});

/** Runs one suite in this process and sends its results to the parent. */
async function runSuite(name) {
  const suite = require(SUITES[name]);
  const isChosen = ({ name }) => name.includes(flags.case);
  const options = { rounds: Number(flags.rounds), ms: Number(flags.ms), isChosen, withPeers: !flags['without-peers'] };
  for await (const result of suite[name](options)) {
    const described = Object.keys(result.figures).map((name) => {
      const { kind, group } = suite.contestants[name];
      return [name, { kind, group }];
    });
    process.send({ suite: name, ...result, contestants: Object.fromEntries(described) });
  }
  process.disconnect();
}

/** Runs a suite in a process of its own, so that none inherits the heap of another, or its processors. */
async function results(name) {
  const child = fork(__filename, ['--suite', name, ...process.argv.slice(2)]);
  const found = [];
  child.on('message', (result) => {
    found.push(result);
    console.log(`${table(result)}\n`);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the suite '${name}' ended with exit code ${code}`);
  return found;
}

async function main() {
  const machine = { node: process.version, processors: availableParallelism(), model: cpus()[0].model, pinned: isPinned(1) };
  console.log(`Node ${machine.node}, ${machine.processors} processors, ${machine.model}, ${machine.pinned ? 'pinned' : 'not pinned'}\n`);
  const all = [];
  for (const name of flags.only ?? BY_DEFAULT) all.push(...(await results(name)));
  const run = { date: new Date().toISOString().slice(0, 10), ...machine, results: all };
  if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(run));
  if (flags.record) await record(run);
}

/** The pages and charts are those of the oldest Node that is supported. */
async function record(run) {
  const [major] = process.versions.node.split('.');
  // A line for each case, so that a diff shows which have changed.
  const { results, ...machine } = run;
  const lines = results.map((result) =>
    JSON.stringify(result, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)),
  );
  const json = JSON.stringify({ ...machine, results: [] }).replace('[]', () => `[\n${lines.join(',\n')}\n]`);
  writeFileSync(join(__dirname, 'recorded', `node-${major}.json`), `${json}\n`);
  if (major !== '20') return;
  require('./charts').write(run.results);
  const file = join(__dirname, '..', 'docs', 'figures.md');
  writeFileSync(file, await format(page(run), { ...(await resolveConfig(file)), filepath: file }));
}

void (flags.suite === undefined ? main() : runSuite(flags.suite));
