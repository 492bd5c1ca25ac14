import type { Strategy } from './restart-options';

/** The slaves that are restarted together with one that has ended, that one included, in the order of their creation. */
export function restartedWith<Slave>(slave: Slave, slaves: readonly Slave[], strategy: Strategy): readonly Slave[] {
  switch (strategy) {
    case 'one_for_one':
      return [slave];
    case 'one_for_all':
      return slaves;
    case 'rest_for_one':
      return slaves.slice(slaves.indexOf(slave));
  }
}
