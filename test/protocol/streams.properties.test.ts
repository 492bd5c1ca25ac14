import { expect } from 'chai';
import fc from 'fast-check';
import { StreamReader } from '../../src/protocol/stream-reader';
import { StreamWriter } from '../../src/protocol/stream-writer';
import type { Streamable } from '../../src/protocol/streamable';
import { eventually } from '../support/eventually';

/** Messages that take some turns of the event loop each, and keep their order. */
class Wire {
  private readonly waiting: { turns: number; deliver: () => void }[] = [];
  private isRunning = false;

  /** @param turns how long the next message takes; asked for each */
  constructor(private readonly turns: () => number) {}

  send(deliver: () => void): void {
    this.waiting.push({ turns: this.turns(), deliver });
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      for (let i = 0; i < next.turns; i++) await new Promise(setImmediate);
      next.deliver();
    }
    this.isRunning = false;
  }
}

/** Numbers from 0 that are given at once, later, or as promises; notes what becomes of it. */
class Source {
  given = 0;
  closed = 0;
  returns = 0;

  constructor(
    readonly kind: 'generator' | 'promises' | 'async generator' | 'iterator',
    private readonly length: number,
    private readonly failsAt: number,
    private readonly turns: () => number,
  ) {}

  get stream(): Streamable {
    switch (this.kind) {
      case 'generator':
        return this.generate((i) => i);
      case 'promises':
        return this.generate((i) => this.pause().then(() => i));
      case 'async generator':
        return this.generateLater();
      case 'iterator':
        return this.iterable();
    }
  }

  private *generate(make: (i: number) => unknown): Generator {
    try {
      for (; this.given < this.length;) {
        this.failIfDue();
        yield make(this.given++);
      }
      this.failIfDue();
    } finally {
      this.closed++;
    }
  }

  private async *generateLater(): AsyncGenerator {
    try {
      for (; this.given < this.length;) {
        await this.pause();
        this.failIfDue();
        yield this.given++;
      }
      this.failIfDue();
    } finally {
      await this.pause();
      this.closed++;
    }
  }

  /** One that a user has written by hand, which notes how often it was told to end. */
  private iterable(): AsyncIterable<unknown> {
    const over = (): { done: true; value: undefined } => {
      this.closed = 1;
      return { done: true, value: undefined };
    };
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          await this.pause();
          if (this.given === this.failsAt) over();
          this.failIfDue();
          return this.given < this.length ? { done: false, value: this.given++ } : over();
        },
        return: async () => {
          this.returns++;
          await this.pause();
          return over();
        },
      }),
    };
  }

  private failIfDue(): void {
    if (this.given === this.failsAt) throw new RangeError(`fails at ${this.failsAt}`);
  }

  private async pause(): Promise<void> {
    for (let left = this.turns(); left > 0; left--) await new Promise(setImmediate);
  }
}

/** Gives the numbers of a list in turn, over and over. */
function inTurn(numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++ % numbers.length];
}

const delays = fc.array(fc.nat(3), { minLength: 1, maxLength: 5 });
const scenario = fc.record({
  window: fc.oneof(fc.constantFrom(1, 2, 3, 4), fc.integer({ min: 1, max: 40 })),
  kind: fc.constantFrom('generator' as const, 'promises' as const, 'async generator' as const, 'iterator' as const),
  length: fc.nat(60),
  failsAt: fc.option(fc.nat(60), { nil: -1 }),
  /** After so many items the reader breaks off. */
  breaksAt: fc.option(fc.nat(60), { nil: Infinity }),
  /** Which item cannot be sent. */
  stuckAt: fc.option(fc.nat(60), { nil: -1 }),
  /** How many `next` the reader has under way. */
  asks: fc.integer({ min: 1, max: 3 }),
  forth: delays,
  back: delays,
  source: delays,
  reading: delays,
});

describe('streams: properties', function () {
  this.timeout(60_000);

  it('streams - every item arrives once and in order within the window, the source is closed once, and the end is reported once', () =>
    fc.assert(
      fc.asyncProperty(scenario, async ({ window, kind, length, failsAt, breaksAt, stuckAt, asks, forth, back, source, reading }) => {
        const origin = new Source(kind, length, failsAt, inTurn(source));
        const items: unknown[] = [];
        const toReader = new Wire(inTurn(forth));
        const toWriter = new Wire(inTurn(back));
        const ends: ({ error: unknown } | undefined)[] = [];
        let sent = 0;
        let credited = 0;
        let mostAhead = 0;
        let mostCredited = 0;

        let writer: StreamWriter;
        const reader = new StreamReader(window, {
          credit: (count) => {
            credited += count;
            mostCredited = Math.max(mostCredited, credited - items.length);
            toWriter.send(() => writer.grant(count));
          },
          stop: () => toWriter.send(() => writer.close()),
        });
        const whenClosed = new Promise<void>((resolve) => {
          writer = new StreamWriter(origin.stream, window, {
            item: (value) => {
              if (value === stuckAt) {
                ends.push({ error: 'stuck' });
                toReader.send(() => reader.fail('stuck'));
                void eventually(() => origin.closed > 0).then(resolve);
                return false;
              }
              sent++;
              mostAhead = Math.max(mostAhead, sent - credited);
              toReader.send(() => reader.push(value));
              return true;
            },
            end: (failure) => {
              ends.push(failure);
              toReader.send(() => (failure === undefined ? reader.end() : reader.fail(failure.error)));
              resolve();
            },
          });
        });

        let failure: unknown;
        const pace = inTurn(reading);
        const readOn = async (): Promise<void> => {
          for (;;) {
            if (items.length >= breaksAt) {
              await reader.return();
              return;
            }
            const { done, value } = await reader.next();
            if (done) return;
            items.push(value);
            for (let left = pace(); left > 0; left--) await new Promise(setImmediate);
          }
        };
        // Several readers at once: whoever asks first gets first.
        await Promise.all(Array.from({ length: asks }, () => readOn().catch((error: unknown) => (failure = error))));
        await whenClosed;

        const whole = Math.min(length, ...[failsAt, stuckAt].filter((at) => at >= 0));
        expect(items, 'in order, none lost or doubled').to.deep.equal(items.map((_, i) => i));
        expect(mostAhead, 'never more than the window under way').to.be.at.most(window);
        expect(mostCredited, 'credit is for what was taken').to.be.at.most(asks);
        expect(origin.given, 'the source is not asked for more').to.be.at.most(items.length + window + asks);
        expect(ends, 'the end is told once').to.have.length(1);
        if (items.length < breaksAt) {
          expect(items).to.have.length(whole);
          const isStuck = stuckAt === whole && whole < length && whole !== failsAt;
          const fails = failsAt >= 0 && failsAt === whole;
          expect(String(failure)).to.equal(fails ? `RangeError: fails at ${failsAt}` : isStuck ? 'stuck' : 'undefined');
        } else if (asks === 1) expect(failure).to.equal(undefined);
        await new Promise(setImmediate);
        // A generator that never began has nothing to close.
        expect(Math.max(origin.closed, origin.returns), 'the source is closed once').to.be.at.most(1);
        if (origin.given > 0) expect(origin.closed).to.equal(1);
      }),
      { numRuns: 2000 },
    ));

  it('streams - items that were read are released even if the reader never catches up', async () => {
    const reader = new StreamReader(4, { credit: () => undefined, stop: () => undefined });
    reader.push(0);
    for (let i = 1; i < 1000; i++) {
      reader.push(i);
      expect(await reader.next()).to.deep.equal({ done: false, value: i - 1 });
    }
    // What it holds, an array with places of those that were read included.
    expect(reader['items'].length).to.be.at.most(8);
  });

  it('streams - a broken peer gets no further ahead than the window', async () => {
    const reader = new StreamReader(4, { credit: () => undefined, stop: () => undefined });
    for (let i = 0; i < 100; i++) reader.push(i);
    expect(reader.takeBuffered()).to.deep.equal([0, 1, 2, 3]);

    const sent: unknown[] = [];
    const endless = (function* () {
      for (let i = 0; ; i++) yield i;
    })();
    const writer = new StreamWriter(endless, 4, { item: (value) => sent.push(value) > 0, end: () => undefined });
    writer.grant(Number.MAX_SAFE_INTEGER);
    await new Promise(setImmediate);
    expect(sent).to.deep.equal([0, 1, 2, 3]);
    writer.close();
  });

  it('streams - a generator that closes its own stream is closed at its next yield', async () => {
    let closed = 0;
    let ended = 0;
    let close = (): void => undefined;
    const source = (function* () {
      try {
        close();
        yield 1;
        yield 2;
      } finally {
        closed++;
      }
    })();
    const items: unknown[] = [];
    const writer = new StreamWriter(source, 10, { item: (value) => items.push(value) > 0, end: () => ended++ });
    close = () => writer.close();
    await eventually(() => ended > 0);
    expect([items, closed, ended]).to.deep.equal([[], 1, 1]);
  });

  it('streams - a source whose iterator cannot be created fails the stream', async () => {
    const broken = {
      [Symbol.asyncIterator]: () => {
        throw new RangeError('no beginning');
      },
    };
    const failure = await new Promise((resolve) => new StreamWriter(broken, 1, { item: () => true, end: resolve }));
    expect(failure).to.have.nested.property('error.message', 'no beginning');
  });

  it('streams - a generator that yields a rejected promise is closed and fails the stream', async () => {
    let closed = 0;
    const source = (function* () {
      try {
        yield Promise.reject(new RangeError('not kept'));
      } finally {
        closed++;
      }
    })();
    const failure = await new Promise((resolve) => new StreamWriter(source, 1, { item: () => true, end: resolve }));
    expect(failure).to.have.nested.property('error.message', 'not kept');
    expect(closed).to.equal(1);
  });

  it('streams - a source closed before its start is closed without running', async () => {
    let began = 0;
    const source = (async function* () {
      began++;
      yield await Promise.resolve(1);
    })();
    await new Promise((resolve) => new StreamWriter(source, 1, { item: () => true, end: resolve }).close());
    expect(began).to.equal(0);
    expect(await source.next()).to.deep.equal({ done: true, value: undefined });
  });
});
