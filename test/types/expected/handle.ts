/** Handles are told apart from promises, and from what only looks like them. */
import type {
  Client,
  ExitReport,
  Metadata,
  RestartIntensityError,
  Runtime,
  LinkLostError,
  SlaveDiedError,
  SlaveGroup,
  SlaveHandle,
  SpawnError,
} from 'dist-io';
import { expectTypeOf } from 'expect-type';
import type { Greeter } from './greeter';

expectTypeOf<SlaveHandle>().not.toHaveProperty('then');
expectTypeOf<SlaveGroup>().not.toHaveProperty('then');
expectTypeOf<Client<Greeter>>().not.toHaveProperty('then');
expectTypeOf<Awaited<SlaveHandle>>().toEqualTypeOf<SlaveHandle>();

expectTypeOf<SlaveHandle['id']>().toEqualTypeOf<number>();
expectTypeOf<SlaveHandle['alias']>().toEqualTypeOf<string | null>();
expectTypeOf<SlaveHandle['group']>().toEqualTypeOf<string | null>();
expectTypeOf<SlaveHandle['pid']>().toEqualTypeOf<number | undefined>();
expectTypeOf<SlaveHandle['runtime']>().toEqualTypeOf<Runtime>();
expectTypeOf<ReturnType<SlaveHandle['ready']>>().toEqualTypeOf<Promise<void>>();
expectTypeOf<ReturnType<SlaveHandle['exit']>>().toEqualTypeOf<Promise<ExitReport>>();
expectTypeOf<ReturnType<SlaveGroup['exit']>>().toEqualTypeOf<Promise<ExitReport[]>>();

export function listen(slave: SlaveHandle, slaves: SlaveGroup): void {
  slave.timeout = '5s';
  expectTypeOf(slave.timeout).toEqualTypeOf<number>();
  slave.on('error', (error) => expectTypeOf(error).toEqualTypeOf<SpawnError | SlaveDiedError | LinkLostError | RestartIntensityError>());
  slave.on('exit', (report) => expectTypeOf(report).toEqualTypeOf<ExitReport>());
  slaves.on('exit', (one, report) => {
    expectTypeOf(one).toEqualTypeOf<SlaveHandle>();
    expectTypeOf(report).toEqualTypeOf<ExitReport>();
  });
}

expectTypeOf<Metadata['timeout']>().toEqualTypeOf<number | string | undefined>();
expectTypeOf<Metadata['signal']>().toEqualTypeOf<AbortSignal | undefined>();
expectTypeOf<Metadata['mine']>().toEqualTypeOf<unknown>();
