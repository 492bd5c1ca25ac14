let hasWarned = false;

/**
 * Warns once per program.
 *
 * @param bytes the size of the output that the slave had not written when it ended
 */
export function warnOfLostOutput(slave: string, bytes: number): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    `${slave} called process.exit() with ${bytes} bytes of output unwritten, which are lost. slave.exit() in the master waits for all output.`,
    { type: 'DistIOWarning', code: 'DIST_IO_LOST_OUTPUT' },
  );
}
