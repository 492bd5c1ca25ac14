import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { masterModule, slaveModule } from 'dist-io/inversify';
import { Container } from 'inversify';
import { PrimeCounter } from './prime-counter.js';
import { PrimeService } from './prime-service.js';

/** The bindings of the application. */
export function createContainer(): Container {
  const container = new Container();
  container.load(
    masterModule(),
    slaveModule<PrimeCounter>(PrimeCounter, new URL('./prime-counter.js', import.meta.url), { count: availableParallelism() }),
  );
  container.bind(PrimeService).toSelf().inSingletonScope();
  return container;
}
