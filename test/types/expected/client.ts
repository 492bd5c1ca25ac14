/** `.as<Class>()` needs no more than the type of the class. */
import { type Client, Master, type Metadata } from 'dist-io';
import { expectTypeOf } from 'expect-type';
import type { Greeter } from './greeter';

const greeter = Master.createSlave('./greeter.js').as<Greeter>();

expectTypeOf(greeter).toEqualTypeOf<Client<Greeter>>();
expectTypeOf(Master.createSlaves(2, './greeter.js').as<Greeter>()).toEqualTypeOf<Client<Greeter>>();
expectTypeOf<keyof Client<Greeter>>().toEqualTypeOf<'sayHello' | 'later' | 'slow' | 'sooner' | 'optional' | 'preset' | 'nothing'>();

expectTypeOf(greeter.sayHello).toEqualTypeOf<(data: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.later).toEqualTypeOf<(data: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.slow).toEqualTypeOf<(data: number, metadata?: Metadata) => Promise<boolean | number>>();
expectTypeOf(greeter.sooner).toEqualTypeOf<(data?: unknown, metadata?: Metadata) => Promise<number>>();
expectTypeOf(greeter.optional).toEqualTypeOf<(data?: string, metadata?: Metadata) => Promise<string[]>>();
expectTypeOf(greeter.preset).toEqualTypeOf<(data?: string, metadata?: Metadata) => Promise<string>>();
expectTypeOf(greeter.nothing).toEqualTypeOf<(data?: undefined, metadata?: Metadata) => Promise<void>>();
