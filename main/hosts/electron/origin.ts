/** Our own scheme: a page loaded from files has no origin to check, one of a scheme has. */
export const scheme = 'app';
/** `app://eigenscope/` serves the window's pages, `app://arrays/` the bytes of arrays. */
export const pageHost = 'eigenscope';
export const arrayHost = 'arrays';
export const pageOrigin = `${scheme}://${pageHost}`;
export const pageAddress = `${pageOrigin}/`;

/** Whether an address is one of our page; Node's URL gives `null` as origin of a scheme it does not know. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${scheme}:` && host === pageHost && username === '' && password === '';
}
