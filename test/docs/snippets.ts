/** A fenced block of a Markdown text. */
export interface Snippet {
  /** Where it starts. */
  line: number;
  language: string;
  text: string;
  /** The file that it is, when a comment before it says so: `<!-- file: hello/main.js -->`. */
  file: string | undefined;
  /** The program that prints it, when a comment before it says so: `<!-- prints: hello/main.js -->`. */
  printedBy: string | undefined;
  /** The file below examples/ that it repeats: `<!-- example: http-service/main.js -->`. */
  example: string | undefined;
}

const FENCED = /(?:^<!-- (file|prints|example): (\S+) -->\n+)?^```(\w*)\n([^]*?)^```$/gm;

export function snippetsOf(markdown: string): Snippet[] {
  return Array.from(markdown.matchAll(FENCED), ({ index, 1: role, 2: path, 3: language, 4: text }) => ({
    line: markdown.slice(0, index).split('\n').length,
    language,
    text,
    file: role === 'file' ? path : undefined,
    printedBy: role === 'prints' ? path : undefined,
    example: role === 'example' ? path : undefined,
  }));
}
