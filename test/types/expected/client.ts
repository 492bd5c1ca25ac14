/** `.as<Class>()` needs no more than the type of the class. */
import { Readable } from 'node:stream';
import { type Client, type StreamingCall, Master, type Metadata, type Streamable } from 'dist-io';
import { expectTypeOf } from 'expect-type';
import type { Greeter } from './greeter';

const greeter = Master.createSlave('./greeter.js').as<Greeter>();

expectTypeOf(greeter).toEqualTypeOf<Client<Greeter>>();
expectTypeOf(Master.createSlaves(2, './greeter.js').as<Greeter>()).toEqualTypeOf<Client<Greeter>>();
expectTypeOf<keyof Client<Greeter>>().toEqualTypeOf<
  'sayHello' | 'later' | 'slow' | 'sooner' | 'optional' | 'preset' | 'nothing' | 'count' | 'lines' | 'file' | 'total' | 'doubled'
>();

expectTypeOf(greeter.sayHello).toEqualTypeOf<(data: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.later).toEqualTypeOf<(data: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.slow).toEqualTypeOf<(data: number, metadata?: Metadata) => Promise<boolean | number>>();
expectTypeOf(greeter.sooner).toEqualTypeOf<(data?: unknown, metadata?: Metadata) => Promise<number>>();
expectTypeOf(greeter.optional).toEqualTypeOf<(data?: string, metadata?: Metadata) => Promise<string[]>>();
expectTypeOf(greeter.preset).toEqualTypeOf<(data?: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.nothing).toEqualTypeOf<(data?: undefined, metadata?: Metadata) => Promise<void>>();

// Tasks that stream: iterate, or await all.
expectTypeOf(greeter.count).toEqualTypeOf<(data: number, metadata?: Metadata) => StreamingCall<number>>();
expectTypeOf(greeter.file).toEqualTypeOf<(data: string, metadata?: Metadata) => StreamingCall<unknown>>();
export async function iterating(): Promise<void> {
  for await (const number of greeter.count(3)) expectTypeOf(number).toEqualTypeOf<number>();
  expectTypeOf(await greeter.count(3)).toEqualTypeOf<number[]>();
  expectTypeOf(Readable.from(greeter.count(3))).toEqualTypeOf<Readable>();
}

// What a task tells on its way.
expectTypeOf(greeter.lines).toEqualTypeOf<(data: string, metadata?: Metadata<{ read: number }>) => StreamingCall<string>>();
void greeter.lines('a', { onProgress: ({ read }) => expectTypeOf(read).toEqualTypeOf<number>() });

// Data that is a stream.
expectTypeOf(greeter.total).toEqualTypeOf<(data: Streamable<number>, metadata?: Metadata) => Promise<number>>();
void greeter.total(
  (function* () {
    yield 1;
  })(),
);
void greeter.total(
  (async function* () {
    yield await Promise.resolve(1);
  })(),
);
void greeter.total(Readable.from([1]));
expectTypeOf(greeter.doubled).toEqualTypeOf<(data: Streamable<number>, metadata?: Metadata) => StreamingCall<number>>();
