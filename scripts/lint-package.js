// Packs the package once and runs the linters on the files that would be published.
const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const run = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const lint = (name, ...args) => execFileSync('npx', ['--no-install', name, ...args], { cwd: root, stdio: 'inherit' });

const folder = mkdtempSync(join(tmpdir(), 'dist-io-pack-'));
try {
  // Skips the pack scripts: they would delete `dist` while others may use it; `npm run check` has built it.
  const [{ filename, files }] = JSON.parse(run('npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  if (!files.some(({ path }) => path === 'dist/index.js')) throw new Error('dist is missing. Run: npm run build');
  const tarball = join(folder, filename);
  lint('publint', 'run', '--strict', tarball);
  lint('attw', tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
