import type { CachedReads } from './cached-reads';
import { type PlainRead, plainRead } from './plain-read';
import type { Method } from './patched-method';

/*
 * Whatever is not plain, and whatever fails, is handed to the original function: its results and errors are Node's own.
 */

type Content = Buffer | string;

/** `fs.readFileSync`. */
export function readFileSync(cache: CachedReads, original: Method): Method {
  return function (...args) {
    const read = plainRead(args[0], args[1]);
    return (read && cache.readSync(read.path, read.form)) ?? original.apply(this, args);
  };
}

/** `fs.readFile`. */
export function readFile(cache: CachedReads, original: Method): Method {
  return function (...args) {
    const callback = (args[2] || args[1]) as ((error: null, content: Content) => void) | undefined;
    const read = typeof callback === 'function' ? plainRead(args[0], args[1]) : undefined;
    if (read === undefined) return original.apply(this, args);
    const answer = (content: Content | undefined): void => {
      if (content === undefined || read.signal?.aborted === true) original.apply(this, args);
      else callback?.(null, content);
    };
    answerLater(cache, read, answer);
    return undefined;
  };
}

/** `fs.promises.readFile`. */
export function readFilePromise(cache: CachedReads, original: Method): Method {
  return function (...args) {
    const read = plainRead(args[0], args[1]);
    if (read === undefined) return original.apply(this, args);
    return new Promise((resolve) => {
      answerLater(cache, read, (content) => {
        resolve(content === undefined || read.signal?.aborted === true ? original.apply(this, args) : content);
      });
    });
  };
}

/**
 * Never before the caller has returned, and never before the event loop has turned: a program that reads a file again and again, until
 * something else has written it, would wait for ever.
 */
function answerLater(cache: CachedReads, { path, form, signal }: PlainRead, answer: (content: Content | undefined) => void): void {
  if (signal?.aborted === true) return answer(undefined);
  const found = cache.cached(path, form);
  if (found !== undefined) setImmediate(answer, found);
  // In a tick of its own: what a callback throws is an uncaught exception, and no rejection.
  else void cache.read(path, form).then((content) => process.nextTick(answer, content));
}
