import type { CachedReads } from './cached-reads';
import { type PlainRead, plainRead } from './plain-read';
import type { Method } from './patched-method';
import { nextTick, setImmediate } from '../platform';

/*
 * Calls with unusual arguments, and reads that fail, go to the original function, so that results and errors are Node's own.
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
 * Answers in a later turn of the event loop. Answered earlier, a program that polls a file until another part has written it would never let
 * that part run.
 */
function answerLater(cache: CachedReads, { path, form, signal }: PlainRead, answer: (content: Content | undefined) => void): void {
  if (signal?.aborted === true) return answer(undefined);
  const cached = cache.cached(path, form);
  if (cached !== undefined) setImmediate(answer, cached);
  // In its own tick, so that an error thrown by the callback is an uncaught exception and not a rejection.
  else void cache.read(path, form).then((content) => nextTick(answer, content));
}
