/*
 * What canvases need to know of the page's theme, since they cannot use CSS variables.
 *   pageTheme.version       changes with theme and text scale; read it to redraw
 *   pageTheme.scale         text scale now in force (user × screen)
 *   cssColour('--trace')    or any CSS colour, as the page has it now
 */
class PageTheme {
  version = $state(0);
  scale = $state(1);
}

export const pageTheme = new PageTheme();

function read(): void {
  const style = getComputedStyle(document.documentElement);
  const number = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) || 1;
  pageTheme.scale = number('--user-scale') * number('--screen-scale');
  pageTheme.version++;
}

if (typeof document !== 'undefined') {
  read();
  new MutationObserver(read).observe(document.documentElement, { attributeFilter: ['data-theme', 'style'] });
  matchMedia('(min-width: 2200px)').addEventListener('change', read);
}

/** `--name`, `var(--name)` or a plain colour → what a canvas takes. */
export function cssColour(colour: string): string {
  const name = /^(?:var\()?(--[\w-]+)\)?$/.exec(colour)?.[1];
  if (name === undefined) return colour;
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
}
