// A file of the program, with the line lit that a task awaits at and those marked that lead to it.
import type { StackLine } from '../observe/log.ts';
import { byId, h } from './element.ts';

/** So many lines around the lit one are printed. */
const NEAR = 6;

export class SourceText {
  readonly #box: HTMLElement;
  readonly #sources: ReadonlyMap<string, string>;
  /** Files that were shown once, line by line. */
  readonly #files = new Map<string, { readonly element: HTMLElement; readonly lines: readonly HTMLElement[] }>();
  #marked: HTMLElement[] = [];
  #shown: string | undefined;

  constructor(box: HTMLElement, sources: ReadonlyMap<string, string>) {
    this.#box = box;
    this.#sources = sources;
  }

  /** Lights `line`, one of the chain `stack`; says `missing` where there is nothing to show. */
  show(line: StackLine | undefined, stack: readonly StackLine[], missing: string): void {
    for (const element of this.#marked) element.className = '';
    this.#marked = [];
    const source = line === undefined ? undefined : this.#sources.get(line.file);
    if (line === undefined || source === undefined) {
      this.#shown = undefined;
      this.#box.replaceChildren(h('p', { class: 'nothing' }, missing));
      return;
    }
    const { element, lines } = this.#fileOf(line.file, source);
    if (this.#shown !== line.file) this.#box.replaceChildren(h('p', { class: 'file' }, line.file), element);
    this.#shown = line.file;
    for (const each of stack) if (each.file === line.file && each !== line) this.#mark(lines[each.line - 1], 'outer');
    for (let i = line.line - 1 - NEAR; i < line.line + NEAR; i++) this.#mark(lines[i], 'near');
    const lit = lines[line.line - 1];
    this.#mark(lit, 'lit');
    if (lit !== undefined) this.#reveal(lit);
  }

  #mark(element: HTMLElement | undefined, kind: string): void {
    if (element === undefined) return;
    element.classList.add(kind);
    this.#marked.push(element);
  }

  /** Only where it is out of sight: a text that jumps at every step cannot be read. */
  #reveal(lit: HTMLElement): void {
    const head = byId('source').firstElementChild as HTMLElement;
    const [top, height] = [lit.offsetTop, this.#box.clientHeight];
    const { scrollTop } = this.#box;
    if (top - 2 * lit.offsetHeight < scrollTop + head.offsetHeight || top + 3 * lit.offsetHeight > scrollTop + height) this.#box.scrollTop = top - height / 2;
  }

  #fileOf(file: string, source: string): { readonly element: HTMLElement; readonly lines: readonly HTMLElement[] } {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const lines = source
      .replace(/\r\n?/g, '\n')
      .split('\n')
      .map((text, i) => h('code', { 'data-line': i + 1 }, coloured(text)));
    const made = { element: h('pre', {}, lines), lines };
    this.#files.set(file, made);
    return made;
  }
}

const WORDS =
  /(\/\/.*$|\/\*.*?(?:\*\/|$)|^\s*\*(?: .*|\/)?$)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)|\b(async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|if|import|in|instanceof|interface|let|new|of|return|static|switch|throw|try|type|typeof|var|void|while|yield)\b/g;

/** Comments, strings and keywords, as far as one line tells; anything else as it is. */
function coloured(text: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let done = 0;
  for (const match of text.matchAll(WORDS)) {
    parts.push(text.slice(done, match.index), h('span', { class: match[1] !== undefined ? 'c' : match[2] !== undefined ? 's' : 'k' }, match[0]));
    done = match.index + match[0].length;
  }
  parts.push(text.slice(done) || (done === 0 ? ' ' : ''));
  return parts;
}
