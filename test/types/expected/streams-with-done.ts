/** A task that streams and wants its context declares a `done` that it never calls: that says nothing about what it gives. */
import { type Done, type StreamingCall, Master, type Metadata, type TaskContext } from 'dist-io';
import { expectTypeOf } from 'expect-type';

type Query = { word: string };

interface Searcher {
  search(query: Query, done: Done, context: TaskContext<number>): AsyncGenerator<string>;
  throws(query: Query, done: Done<string>): never;
}

const searcher = Master.createSlave('./searcher.js').as<Searcher>();

expectTypeOf(searcher.search).toEqualTypeOf<(data: Query, metadata?: Metadata<number>) => StreamingCall<string>>();
expectTypeOf(searcher.throws).toEqualTypeOf<(data: Query, metadata?: Metadata) => Promise<string>>();
