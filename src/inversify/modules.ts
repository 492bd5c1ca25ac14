import type { ContainerModule as Module, ServiceIdentifier } from 'inversify' with { 'resolution-mode': 'import' };
import { Master } from '../master/default-master';
import type { MasterOptions } from '../spawn/slave-options';
import type { PoolOptions } from '../patterns/workpool/pool-options';
import type { Client } from '../requests/task-types';
import type { Class as ClassOf } from '../task-marks';

/** How {@link SlaveModuleOptions.count | many} slaves stand behind a client, and the options of their pool. */
export interface SlaveModuleOptions extends PoolOptions {
  /** How many slaves share the work. Default: 1. */
  count?: number;
}

/** The functions of `dist-io/inversify`. */
export interface Modules {
  /**
   * A container module that binds `Master`: one master for the container, whose slaves are ended when it is unbound or
   * unloaded. Ending takes time: use `unbindAsync`, `unbindAllAsync` or `unloadAsync`.
   *
   * @param options defaults for the slaves that it creates
   * @example
   * ```ts
   * container.load(masterModule());
   * class Service {
   *   constructor(@inject(Master) private readonly master: Master) {}
   * }
   * ```
   */
  readonly masterModule: (options?: MasterOptions) => Module;

  /**
   * A container module that binds the typed client of a decorated class: each call is a job of a pool of one slave or several, so that
   * queue, retries and priorities apply. Each slave executes one call at a time, unless `concurrency` says otherwise. The slaves belong
   * to the bound `Master`; they start when the client is first injected and are ended when it is unbound or unloaded.
   *
   * @param identifier what services inject it by: the class itself, whose methods the client then has, or any other identifier
   * @param file the slave's file, as for `master.createSlave`
   * @example
   * ```ts
   * container.load(masterModule(), slaveModule<Greeter>(GREETER, './greeter.js', { count: 4 }));
   * class Service {
   *   constructor(@inject(GREETER) private readonly greeter: Client<Greeter>) {}
   * }
   * ```
   */
  readonly slaveModule: <Class extends object>(
    identifier: ServiceIdentifier<Class> | ServiceIdentifier<Client<Class>>,
    file: string | URL,
    options?: SlaveModuleOptions,
  ) => Module;
}

/** @param ContainerModule loaded by the caller: CommonJS and ES modules get different copies of inversify */
export function modulesFor(ContainerModule: typeof Module): Modules {
  return {
    masterModule: (options) =>
      new ContainerModule(({ bind }) => {
        bind(Master)
          .toDynamicValue(() => new Master(options))
          .inSingletonScope()
          .onDeactivation(async (master) => {
            await master.exit();
          });
      }),

    slaveModule: <Class extends object>(
      identifier: ServiceIdentifier<Class> | ServiceIdentifier<Client<Class>>,
      file: string | URL,
      { count = 1, ...options }: SlaveModuleOptions = {},
    ) =>
      new ContainerModule(({ bind }) => {
        const pools = new WeakMap<object, { exit(): Promise<unknown> }>();
        bind(identifier as ServiceIdentifier<Client<Class>>)
          .toDynamicValue((context) => {
            const pool = context.get(Master).createPool(count, file, options);
            const client = pool.as<Class>(typeof identifier === 'function' ? (identifier as ClassOf<Class>) : undefined);
            pools.set(client, pool);
            return client;
          })
          .inSingletonScope()
          .onDeactivation(async (client) => {
            await pools.get(client)?.exit();
          });
      }),
  };
}
