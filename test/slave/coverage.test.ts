import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

describe('slave: coverage', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const runtime of ['process', 'thread']) {
    for (const pending of ['finish', 'abort']) {
      it(`coverage - a ${runtime} that is ended by exit({ pending: '${pending}' }) writes its coverage`, async () => {
        const env = { ...process.env, NODE_V8_COVERAGE: folder };
        const { code, stderr } = await runNode([fixture('covered-master.js'), runtime, pending], { env }).ended;
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
        const reports = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
        expect(reports.filter((report) => report.includes('/fixtures/ending.js"'))).to.have.lengthOf(1);
      });
    }
  }
});
