// Puts all that a slave loads when it starts into one file, `dist/slave/entry.js`. To find, read and compile about 40 small files takes a
// fifth of the time until its first answer. Runs after tsc.
//
// The single files stay: whatever loads one of them in a slave, such as the user's `require('dist-io')`, gets the module of the bundle, so
// that no module exists twice.
const { build } = require('esbuild');
const { existsSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join, relative, resolve, sep } = require('node:path');

const DIST = resolve(__dirname, '..', 'dist');
const ENTRY = join(DIST, 'slave', 'entry.js');

/** The files that a slave has loaded when it answers its first request. */
async function loadedFiles(runtime, script) {
  const { Master } = require(DIST);
  const slave = new Master().createSlave(script, { runtime });
  const response = await slave.exec('loaded files');
  await slave.exit();
  return response.unwrap().filter((file) => file.startsWith(DIST + sep));
}

const importPath = (file) => `./${relative(dirname(ENTRY), file)}`.split(sep).join('/').replace('./..', '..');

/** The source of the bundle. @param loaded by runtime, the files that a slave loads */
function source(loaded) {
  const share = (runtime) =>
    loaded[runtime]
      .filter((file) => file !== ENTRY)
      .map((file) => `share('${importPath(file)}', require('${importPath(file)}'));`)
      .join('\n');
  return `
    const { Module } = require('node:module');
    const { join } = require('node:path');
    const { givenConfig } = require('../channel/connect.js');
    function share(path, exports) {
      const file = join(__dirname, path);
      require.cache[file] = Object.assign(new Module(file), { exports, filename: file, loaded: true });
    }
    const runtime = givenConfig()?.runtime;
    if (runtime === 'process') {
      ${share('process')}
    } else if (runtime === 'thread') {
      ${share('thread')}
    }
    require('./entry.js');`;
}

/** Resolves the imports of dist-io's own files: to the bundle's, or to the single file beside it. */
const ownFiles = (files) => ({
  name: 'own files',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const to = resolve(resolveDir, path);
      const file = [to, `${to}.js`, join(to, 'index.js')].find((file) => file.endsWith('.js') && existsSync(file));
      return files.includes(file) ? { path: file } : { path: importPath(file), external: true };
    });
  },
});

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-bundle-'));
  try {
    const script = join(folder, 'slave.js');
    writeFileSync(script, `require(${JSON.stringify(DIST)}).Slave.task('loaded files', () => Object.keys(require.cache));`);
    const loaded = { process: await loadedFiles('process', script), thread: await loadedFiles('thread', script) };
    await build({
      stdin: { contents: source(loaded), resolveDir: dirname(ENTRY), sourcefile: 'bundle.js' },
      outfile: ENTRY,
      allowOverwrite: true,
      bundle: true,
      platform: 'node',
      target: 'esnext',
      format: 'cjs',
      // The names of error classes are part of the API.
      keepNames: true,
      sourcemap: true,
      logLevel: 'warning',
      plugins: [ownFiles(Object.values(loaded).flat())],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
