/** What `slave.task` must refuse. */
import { Slave } from 'dist-io';

// @ts-expect-error no handler
Slave.task('none');

// @ts-expect-error no handler after the options
Slave.task('none', { cache: {} });

// @ts-expect-error an unknown option
Slave.task('unknown', { cahce: {} }, () => 1);

// @ts-expect-error an unknown option of the cache
Slave.task('unknown', { cache: { max: 5 } }, () => 1);

// @ts-expect-error a key of other data
Slave.task('key', { cache: { key: (name: string) => name } }, (age: number) => age);

// @ts-expect-error options after the handler
Slave.task('order', () => 1, { cache: {} });
