// Elements, in as few words as they need. Texts go in as text, never as markup.

export type Child = Node | string | false | undefined;

type Attributes = Readonly<Record<string, string | number | boolean | (() => void) | undefined>>;

/** `h('button', { class: 'link', onclick: go }, 'Go')`. An attribute that is false or undefined is left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
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
  element.replaceChildren(...children.filter((child) => child !== undefined && child !== false));
  if (!had) return;
  const buttons = element.querySelectorAll('button');
  const next = buttons[Math.min(Math.max(place, 0), buttons.length - 1)];
  if (next !== undefined) next.focus({ preventScroll: true });
  else {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}
