import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills the slaves of a master that has ended, even if the master was killed by SIGKILL and a slave is in an endless loop.
 *
 * Each master process has one small shell with the list of living pids. Its stdin is a pipe from the master: when the master ends in any
 * way, the pipe closes, and the processes still on the list are killed a moment later. The shell ignores signals to the whole process
 * tree, which would otherwise end it before the master.
 */
const SCRIPT = `
trap '' INT TERM HUP
list=
while read -r verb pid; do
  rest=
  for other in $list; do [ "$other" = "$pid" ] || rest="$rest $other"; done
  list=$rest
  [ "$verb" = watch ] && list="$list $pid"
done
[ -z "$list" ] && exit 0
sleep 0.3
for pid in $list; do kill -9 "-$pid" || kill -9 "$pid"; done 2>/dev/null
`;

let reaper: ChildProcess | undefined;
/** Whether /bin/sh is missing; checked once. */
let isMissing = false;

/** Adds a pid to the list. */
export function register(pid: number): void {
  // Windows has no /bin/sh. There, slaves exit when their socket closes.
  if (process.platform === 'win32' || isMissing) return;
  reaper ??= start();
  reaper.stdin?.write(`watch ${pid}\n`);
}

/** Removes a pid from the list, since another process may get the same pid soon. */
export function unregister(pid: number): void {
  reaper?.stdin?.write(`forget ${pid}\n`);
}

function start(): ChildProcess {
  // A separate process group, so that Ctrl-C at the terminal does not end it before the master.
  const shell: ChildProcess = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  const forget = () => {
    if (reaper === shell) reaper = undefined;
  };
  shell.on('exit', forget).on('error', (error: NodeJS.ErrnoException) => {
    forget();
    if (error.code === 'ENOENT') warnOfMissingShell();
  });
  shell.unref();
  // stdin is undefined when the process has no free file descriptor.
  shell.stdin?.on('error', forget);
  (shell.stdin as { unref?(): void } | null | undefined)?.unref?.();
  return shell;
}

function warnOfMissingShell(): void {
  if (isMissing) return;
  isMissing = true;
  process.emitWarning(
    '/bin/sh was not found. It kills the slaves of a master that was killed; without it, a busy slave runs until it is idle. Install a shell.',
    { type: 'DistIOWarning', code: 'DIST_IO_NO_SHELL' },
  );
}
