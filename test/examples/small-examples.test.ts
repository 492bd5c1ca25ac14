import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { output } from '../package/support/run';

const ROOT = join(__dirname, '..', '..');

/** What each example prints. */
const OUTPUTS: Record<string, string> = {
  'hello-world/main.js': `
Hello World! true
`,
  'five-slaves/main.js': `
Hello from 0, Hello from 1, Hello from 2, Hello from 3, Hello from 4
Only one: Hello from 3
Squares: 1 4 9 16 25 36 49 64 81 100
By how many slaves: 5
`,
  'groups/main.js': `
Kitchen: cook, cook-1, cook-2
Service: slave 3, slave 4
Service, with the cook: cook, slave 3, slave 4
One by its alias: cook-2
In the kitchen: 2 of 5
`,
  'piping/main.js': `
Slave 2 has read: All about slaves, reviewed
Slave 3 has read: All about slaves, reviewed
Nothing to review: No topic
`,
  'class/main.ts': `
Hello Ann
Hello Ben
2 people, by slave 0
`,
  'typed-client/main.ts': `
1 + 2 = 3
1 / 2 = 0.5
1 / 0 : RangeError: Division by zero
`,
  'errors/main.js': `
fail - RangeError: No coffee today, status 404
make tea - UnknownTaskError (UNKNOWN_TASK)
return a function - SerializationError (NOT_SERIALIZABLE)
fail - SerializationError (NOT_SERIALIZABLE)
wait for ever - TimeoutError (TIMEOUT)
leave - SlaveDiedError (SLAVE_DIED)
fail - SlaveDiedError (SLAVE_DIED)
start - SpawnError (SPAWN_FAILED)
`,
  'threads/main.js': `
process: another process, main thread
thread: my process, worker thread
inline: my process, main thread
`,
  'sharded-store/main.js': `
Found: 1000
north: 240
east: 251
south: 240
west: 269
After a kill of south: 240 lost, 0 moved to other shards
Written again: 0 lost, 0 moved to other shards
south: 240
`,
};

describe('small examples', () => {
  for (const [file, expected] of Object.entries(OUTPUTS)) {
    it(`${file} - prints the expected lines and ends by itself`, async () => {
      const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
      expect(await output(ROOT, process.execPath, ...loader, join('examples', file))).to.equal(expected.trimStart());
    });
  }

  it('README - lists every example', () => {
    const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
    const readme = readFileSync(join(ROOT, 'examples', 'README.md'), 'utf8');
    expect(Array.from(readme.matchAll(/^\| \[([\w-]+)\]/gm), ([, name]) => name).sort()).to.deep.equal(folders.sort());
  });
});
