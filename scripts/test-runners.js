// Installs the packed package and the newest test runners into a temporary folder, and runs test/runners there with each of them.
const { execFileSync } = require('node:child_process');
const { cpSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const RUNNERS = ['jest', 'jest-environment-jsdom', 'jsdom', 'vitest', 'mocha', '@sinonjs/fake-timers'];
/** By what each is called, its arguments: of npx, or of Node for its own runner. */
const RUNS = [
  ['mocha', ['mocha', '--timeout', '20000', 'mocha']],
  ['node:test', ['--test', 'node/dist-io.test.js']],
  ['jest', ['jest', '--testTimeout', '20000', 'jest']],
  ['jest with jsdom', ['jest', '--testTimeout', '20000', '--env', 'jsdom', 'jest']],
  ['vitest', ['vitest', 'run', '--testTimeout', '20000', '--dir', 'vitest']],
  ['vitest with jsdom', ['vitest', 'run', '--testTimeout', '20000', '--environment', 'jsdom', '--dir', 'vitest']],
];

const folder = mkdtempSync(join(tmpdir(), 'dist-io-runners-'));
const run = (command, args, cwd = folder) => execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
try {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8' }),
  );
  cpSync(join(ROOT, 'test', 'runners'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error', join(folder, filename), ...RUNNERS]);
  for (const [name, args] of RUNS) {
    console.log(`\n==> ${name}`);
    if (name === 'node:test') run(process.execPath, args);
    else run('npx', ['--no-install', ...args]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
