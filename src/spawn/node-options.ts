/** One option of Node as it was given: one token, or two if its value is a separate token. */
export type NodeOption = readonly string[];

/** Splits `execArgv`, which has Node's options and not the script. */
export function splitExecArgv(tokens: readonly string[]): NodeOption[] {
  return split(tokens, /^-/);
}

/** Splits NODE_OPTIONS at its spaces. A token keeps its quotes, so that joining them by spaces gives the same options. */
export function splitNodeOptions(variable: string): NodeOption[] {
  return split(variable.match(/(?:[^ "]|"(?:\\.|[^"\\])*"?)+/g) ?? [], /^"?-/);
}

/** Node refuses a separate value that begins with a dash, so that no list of the options that take a value is needed. */
function split(tokens: readonly string[], isOption: RegExp): NodeOption[] {
  const options: string[][] = [];
  for (const token of tokens) {
    if (isOption.test(token) || options.length === 0) options.push([token]);
    else options[options.length - 1].push(token);
  }
  return options;
}

/** The name of an option as Node reads it: without quotes and value, underscores are dashes. */
export function nameOf([token]: NodeOption): string {
  const [name] = token.replaceAll('"', '').split('=', 1);
  return name.startsWith('--') ? name.replaceAll('_', '-') : name;
}
