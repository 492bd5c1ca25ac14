// The folder of the peers, installed when it is needed first.
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const folder = join(__dirname, '..', 'peers');
if (!existsSync(join(folder, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });

/** Loads one of the peers. */
module.exports = createRequire(join(folder, 'package.json'));
