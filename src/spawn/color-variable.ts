import { isatty, WriteStream } from 'node:tty';
import type { Output } from '../channel/channel';

/** Variables that choose already. Node warns of a program that has two of them. */
const CHOICES = ['FORCE_COLOR', 'NO_COLOR', 'NODE_DISABLE_COLORS'];

/** Values of FORCE_COLOR by the depth of color in bits. */
const LEVELS: Readonly<Partial<Record<number, string>>> = { 4: '1', 8: '2', 24: '3' };

/**
 * `FORCE_COLOR` for a slave whose whole output ends at a terminal. Its output passes a pipe or the master's thread, so that the slave
 * would detect no terminal and write without colors.
 *
 * @param env the environment of the slave
 */
export function colorVariable({ stdout, stderr }: { stdout: Output; stderr: Output }, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (CHOICES.some((name) => env[name] !== undefined)) return {};
  const visible = [isVisible(stdout, 1), isVisible(stderr, 2)];
  if (visible.includes(false) || !visible.includes(true)) return {};
  const level = LEVELS[WriteStream.prototype.getColorDepth(env)];
  return level === undefined ? {} : { FORCE_COLOR: level };
}

/** Whether output is shown at a terminal; undefined when it is dropped. @param fd the master's own */
function isVisible(output: Output, fd: number): boolean | undefined {
  if (output === 'ignore') return undefined;
  return output === 'inherit' ? isatty(fd) : (output as Partial<WriteStream>).isTTY === true;
}
