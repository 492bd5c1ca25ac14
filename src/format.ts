/** `String(value)`, also for objects that cannot be converted: these can be thrown, too. */
export function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an object without words';
  }
}

/** A value for a message, in one line. Strings are quoted, so that `'5'` and 5 differ. */
export function show(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string' ? `'${oneLine(value)}'` : oneLine(safeString(value));
}

/** A thrown value for a message: its first line, without the folders in its paths. */
export function summary(thrown: unknown): string {
  const [line] = safeString(thrown).trimStart().split('\n', 1);
  return line.slice(0, LONGEST_SUMMARY).replace(FOLDERS, '').trimEnd();
}

/** In characters. */
const LONGEST_SUMMARY = 300;

/** The folders of an absolute path or a `file:` URL. */
const FOLDERS = /(?<![\w:/\\.-])(?:file:\/\/)?(?:[A-Za-z]:)?[\\/](?:[^\\/\s'"`()]+[\\/])+/g;

/** Quoted values may contain line breaks. */
export function oneLine(message: string): string {
  return /[\r\n\u2028\u2029]/.test(message) ? message.trim().replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ') : message;
}
