// Elements, in as few words as they need. Texts go in as text, never as markup, and with nothing in them that cannot be seen.

/** What stands in an element. A list of any length goes in as one child: as arguments of a call, too many would be an error. */
export type Child = Node | string | false | undefined | readonly Child[];

/** What would not be seen, or would turn round what stands behind it; not tabs, ends of lines, and what joins letters and emoji. */
const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text from the log or a source as it may be shown: `\u202e` spelled out, which would have the rest read backwards. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`);
}

function shown(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    if (typeof child === 'string') return visible(child);
    return child instanceof Node ? child : shown(child);
  });
}

type Attributes = Readonly<Record<string, string | number | boolean | (() => void) | undefined>>;

/** `h('button', { class: 'link', onclick: go }, 'Go')`. An attribute that is false or undefined is left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : visible(String(value)));
  }
  for (const child of shown(children)) element.append(child);
  return element;
}

/** The element of the page with this id. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`expected an element #${id} in the page, found none`);
  return element as Kind;
}

/** Gives an element other children. Who was on a button in it stays on the button of that place, or on the element. */
export function refill(element: HTMLElement, ...children: Child[]): void {
  const active = document.activeElement;
  const had = active !== null && element !== active && element.contains(active);
  const place = had ? [...element.querySelectorAll('button')].indexOf(active as HTMLButtonElement) : -1;
  element.replaceChildren();
  for (const child of shown(children)) element.append(child);
  if (!had) return;
  const buttons = element.querySelectorAll('button');
  const next = buttons[Math.min(Math.max(place, 0), buttons.length - 1)];
  if (next !== undefined) next.focus({ preventScroll: true });
  else {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}
