import type { SlaveOptions } from 'dist-io';
import fc from 'fast-check';

/** What the models of supervision set up. */
export interface Setup {
  kind: 'pool' | 'growing pool' | 'group';
  count: number;
  options: SlaveOptions;
  /** How many jobs a member of the pool gets at one time. */
  concurrency: number;
  /** In ms: see `World.pace`. */
  pace: number;
}

export type Command =
  | { type: 'work'; slave: number; task: 'plain' | 'idempotent'; ms: number; retries?: number; timeout?: number; abortAfter?: number }
  | { type: 'die'; slave: number; code: 0 | 1 | 9 }
  | { type: 'stall'; slave: number }
  | { type: 'fail loads'; count: number }
  | { type: 'end'; slave: number; how: 'exit' | 'abort' | 'kill' }
  | { type: 'wait'; ms: number };

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

export const setups: fc.Arbitrary<Setup> = fc.record({
  kind: fc.constantFrom<Setup['kind']>('pool', 'pool', 'growing pool', 'group'),
  count: fc.integer({ min: 1, max: 3 }),
  concurrency: fc.constantFrom(1, 1, 2, 3),
  pace: fc.constantFrom(50, 0.3, 0.1),
  options: fc.record({
    restart: fc.constantFrom('permanent', 'permanent', 'transient', 'temporary'),
    strategy: fc.constantFrom('one_for_one', 'one_for_one', 'one_for_all', 'rest_for_one'),
    intensity: fc.integer({ min: 0, max: 4 }),
    spares: fc.integer({ min: 0, max: 1 }),
    concurrency: fc.constantFrom(1, 2, Infinity, Infinity, Infinity),
    maxTasks: fc.constantFrom(Infinity, Infinity, 1, 4),
    maxAge: fc.constantFrom(Infinity, Infinity, 200),
    responsive: fc.constantFrom({ within: Infinity }, { within: 50 }),
    shutdown: fc.constantFrom<SlaveOptions['shutdown']>(100, 100, 'brutal_kill'),
  }),
});

const index = fc.nat({ max: 5 });
const ms = fc.constantFrom(0, 1, 5, 30, 120);
export const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant('work' as const),
      slave: index,
      task: fc.constantFrom('plain' as const, 'idempotent' as const),
      ms,
      retries: optional(fc.nat({ max: 2 })),
      timeout: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: ms.map((n) => n + 1) }),
      abortAfter: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: ms }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('die' as const), slave: index, code: fc.constantFrom(0, 1, 9) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 2, 10, 25, 100, 1000, 6000) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('stall' as const), slave: index }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('fail loads' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('end' as const), slave: index, how: fc.constantFrom('exit', 'abort', 'kill') }),
  },
);

/** An element of a list, whatever its length. */
export function at<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}
