import { relative, resolve } from 'node:path';
import {
  type CompilerOptions,
  createCompilerHost,
  createProgram,
  flattenDiagnosticMessageText,
  getPreEmitDiagnostics,
  type SourceFile,
} from 'typescript';

/** Files of TypeScript itself, and those of Node: parsed once, and not checked by us. */
const FOREIGN = /[\\/]node_modules[\\/](typescript|@types|undici-types)[\\/]/;
const parsed = new Map<string, SourceFile>();

/** What the compiler has to say about these files and about all of ours that they import, declarations included. */
export function diagnosticsOf(files: readonly string[], options: CompilerOptions): string[] {
  const all = { ...options, noEmit: true, strict: true, noErrorTruncation: true, types: ['node'] };
  const host = createCompilerHost(all);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) => {
    if (!FOREIGN.test(name)) return parse(name, version, ...rest);
    const key = `${name} ${JSON.stringify(version)}`;
    const file = parsed.get(key) ?? parse(name, version, ...rest);
    if (file !== undefined) parsed.set(key, file);
    return file;
  };
  const program = createProgram([...files], all, host);
  const global = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  const checked = program.getSourceFiles().filter(({ fileName }) => !FOREIGN.test(fileName));
  return [...global, ...checked.flatMap((file) => getPreEmitDiagnostics(program, file))].map(({ file, start, messageText }) => {
    const text = flattenDiagnosticMessageText(messageText, '\n');
    if (file === undefined) return text;
    const { line } = file.getLineAndCharacterOfPosition(start ?? 0);
    return `${relative(resolve(__dirname, '..', '..', '..'), file.fileName)}:${line + 1} ${text}`;
  });
}
