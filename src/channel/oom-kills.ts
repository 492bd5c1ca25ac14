import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from '../performance';

/**
 * Where the kernel counts the processes that it has killed to free memory: for the control group of this process, in version 2 and 1, and
 * for the whole machine. https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
 */
let counter: string | undefined;

/** In ms: how long after a kill the end of the killed process is reported at the latest. */
const REPORTED_WITHIN = 1000;

/** How many kills are accounted for: by the ends of slaves, or since they were those of other processes. */
let known: number | undefined;
let last: number | undefined;
let changed = 0;

/** Reads the counter before a slave is started, so that later kills can be told from earlier ones. */
export function noteOomKills(): void {
  if (process.platform !== 'linux') return;
  counter ??= candidates().find((file) => read(file) !== undefined);
  const count = read(counter);
  if (count !== last) changed = performance.now();
  // Several slaves may have been killed at once, and the first one is replaced before the ends of the others are reported.
  if (known === undefined || performance.now() - changed > REPORTED_WITHIN) known = count;
  last = count;
}

/** Whether a slave that has ended by SIGKILL was killed by the kernel to free memory, as far as the counter tells. */
export function isOomKill(): boolean {
  const count = read(counter);
  if (count === undefined || known === undefined || count <= known) return false;
  known++;
  return true;
}

function read(file: string | undefined): number | undefined {
  if (file === undefined) return undefined;
  const found = /^oom_kill (\d+)$/m.exec(contentOf(file));
  return found === null ? undefined : Number(found[1]);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The slaves are in the control group of their master, unless somebody has moved them. */
function candidates(): string[] {
  const files: string[] = [];
  for (const [, id, controllers, path] of contentOf('/proc/self/cgroup').matchAll(/^(\d+):([^:]*):(.*)$/gm)) {
    // In a container, the path may be that of the host, and the mounted folder the group itself.
    if (controllers.split(',').includes('memory'))
      files.push(join('/sys/fs/cgroup/memory', path, 'memory.oom_control'), '/sys/fs/cgroup/memory/memory.oom_control');
    else if (id === '0') files.push(join('/sys/fs/cgroup', path, 'memory.events'), '/sys/fs/cgroup/memory.events');
  }
  return [...files, '/proc/vmstat'];
}
