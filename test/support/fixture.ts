import { join } from 'node:path';

/** The absolute path of a file in test/fixtures. */
export function fixture(name: string): string {
  return join(__dirname, '..', 'fixtures', name);
}
