// Packs the package once and has the linters look at what would be published.
const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const run = (command, ...args) => execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const lint = (name, ...args) => execFileSync('npx', ['--no-install', name, ...args], { cwd: root, stdio: 'inherit' });

const folder = mkdtempSync(join(tmpdir(), 'dist-io-pack-'));
try {
  // Without the scripts of packing: they would take dist away from whoever is using it; `npm run check` has built it.
  const [{ filename, files }] = JSON.parse(run('npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  if (!files.some(({ path }) => path === 'dist/index.js')) throw new Error('dist is missing. Run: npm run build');
  const tarball = join(folder, filename);
  lint('publint', 'run', '--strict', tarball);
  lint('attw', tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
