import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { runNode } from '../support/program';

interface Seen {
  /** The trace and span of the caller. */
  span: string | null;
  /** The metadata that the task got: outside of a span, inside of one, with some of its own, and with another traceparent. */
  outside: object;
  bare: object;
  kept: object;
  given: object;
  /** The caller's own object afterwards. */
  metadata: object;
  /** Where the task ran. */
  active: unknown;
  stream: unknown[];
  /** Where a task ran whose caller gave a traceparent by hand. */
  followed: unknown;
}

async function run(runtime: string, who: string): Promise<Seen> {
  const { lines, stderr } = await runNode([fixture('tracing-master.js'), runtime, who]).ended;
  expect(stderr).to.equal('');
  return JSON.parse(lines[0]) as Seen;
}

const BY_HAND = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('master: trace', () => {
  for (const runtime of ['process', 'thread', 'inline']) {
    it(`trace - over ${runtime}: the caller's span is the parent of the task's spans, in generators too`, async () => {
      const seen = await run(runtime, 'master and slave');
      expect(seen.span).to.match(/^[0-9a-f]{32}-[0-9a-f]{16}$/);
      const traceparent = `00-${seen.span}-01`;
      expect(seen.bare).to.deep.equal({ traceparent });
      expect(seen.kept).to.deep.equal({ traceparent, own: 1 });
      expect([seen.active, ...seen.stream]).to.deep.equal([seen.span, seen.span, seen.span]);
      expect(seen.metadata).to.deep.equal({ own: 1 });
      expect(seen.given, 'what the caller says wins').to.deep.equal({ traceparent: BY_HAND });
      expect(seen.followed).to.equal(`${'a'.repeat(32)}-${'b'.repeat(16)}`);
      expect(seen.outside, 'outside of a span').to.deep.equal({ own: 1 });
    });
  }

  it('trace - a slave without tracing finds the traceparent', async () => {
    const seen = await run('process', 'master');
    expect(seen.bare).to.deep.equal({ traceparent: `00-${seen.span}-01` });
    expect(seen.active).to.equal(false);
  });

  it('trace - without OpenTelemetry no traceparent is sent', async () => {
    const seen = await run('process', 'nobody');
    expect([seen.bare, seen.kept, seen.given]).to.deep.equal([{}, { own: 1 }, { traceparent: BY_HAND }]);
  });
});
