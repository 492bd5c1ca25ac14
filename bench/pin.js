// Pins both ends of what is measured to processors, where `taskset` exists: then the scheduler does not decide who shares one.
const { execFileSync } = require('node:child_process');
const { readdirSync, readFileSync } = require('node:fs');

const processors = allowed();

/** The processors of this process, or none without `taskset`. */
function allowed() {
  try {
    const list = execFileSync('taskset', ['-c', '-p', process.pid], { encoding: 'utf8' }).split(':')[1];
    return list.split(',').flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
  } catch {
    return [];
  }
}

const threads = (pid) => readdirSync(`/proc/${pid}/task`).map(Number);

/** The processes that a process has started, and those that they have started. */
function descendants(pid) {
  return threads(pid)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number))
    .flatMap((child) => [child, ...descendants(child)]);
}

/** What runs now: threads of this process, and other processes. */
const running = () => ({ own: threads(process.pid), others: descendants(process.pid) });

/** Pins this thread to the first processor and the workers that `start` starts to the others, if there is one for each. */
async function pinned(workers, start) {
  if (processors.length <= workers) return start();
  const [first, ...rest] = processors;
  pin(process.pid, first);
  const before = running();
  const started = await start();
  const after = running();
  for (const thread of after.own) if (!before.own.includes(thread)) pin(thread, rest);
  for (const child of after.others) if (!before.others.includes(child)) pin(child, rest, '--all-tasks');
  return started;
}

function pin(id, to, ...options) {
  try {
    execFileSync('taskset', [...options, '--cpu-list', '--pid', String(to), String(id)], { stdio: 'ignore' });
  } catch {
    // It has ended.
  }
}

/** Whether workers are pinned. */
const isPinned = (workers) => processors.length > workers;

module.exports = { pinned, isPinned, descendants };
