// Fails when dist-io has become slower against the bare platform than the recorded run says: `npm run bench:guard`, about a minute. It
// compares ratios of one run with those in `bench/recorded`, which `-- --record` writes. A case that fails is measured a second time, since
// the machine may have been busy.
const { execFileSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { ratios } = require('./report');

/** How much worse a ratio may be. The bare platform itself varies by as much from run to run. */
const MARGIN = 0.35;

const CASES = ['a number, 1000 in flight', 'an object of 900 bytes', 'a number, one at a time'];

// Not the run with the peers, after which the code is warmer.
const file = join(__dirname, 'recorded', `guard-${process.versions.node.split('.')[0]}.json`);
const isRecording = process.argv.includes('--record');
const recorded = isRecording ? [] : JSON.parse(readFileSync(file, 'utf8'));

function measure(name) {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-guard-'));
  try {
    const file = join(folder, 'results.json');
    const flags = ['--only', 'messages', '--case', name, '--without-peers', '--json', file];
    execFileSync(process.execPath, [join(__dirname, 'main.js'), ...flags], { stdio: 'ignore' });
    return JSON.parse(readFileSync(file, 'utf8')).results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The ratios to the bare platform that are worse than those recorded, as lines. */
function losses(result) {
  const { suite, name, isLessBetter } = result;
  const before = recorded.find((other) => other.suite === suite && other.name === name);
  if (before === undefined)
    throw new Error(`'${name}' is not recorded. Run \`npm run bench:guard -- --record\` on the version to compare with.`);
  const expected = ratios(before);
  return Object.entries(ratios(result)).flatMap(([contestant, now]) =>
    Object.entries(now).flatMap(([baseline, figure]) => {
      const was = expected[contestant]?.[baseline];
      const change = isLessBetter ? was / figure : figure / was;
      const line = `${contestant}, ${name}: ${figure.toFixed(2)} x ${baseline}, recorded ${was?.toFixed(2)} x`;
      console.log(line);
      return change < 1 - MARGIN ? [line] : [];
    }),
  );
}

const check = (name) => measure(name).flatMap(losses);
if (isRecording)
  writeFileSync(
    file,
    `[\n${CASES.flatMap(measure)
      .map((result) => JSON.stringify(result))
      .join(',\n')}\n]\n`,
  );
const slower = isRecording ? [] : CASES.flatMap((name) => (check(name).length === 0 ? [] : check(name)));
if (slower.length > 0) {
  console.error(`\nSlower by more than ${MARGIN * 100} % in two runs:\n${slower.join('\n')}`);
  process.exitCode = 1;
}
