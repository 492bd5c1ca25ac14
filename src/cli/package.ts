/** Where this package is installed, and its version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PACKAGE_FOLDER = join(__dirname, '..', '..');

export const { version } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string };
