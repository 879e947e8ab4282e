/**
 * The path prefix under which the console is served: '' or '/prefix'. Known from where this very script came from
 * (`<prefix>/assets/…`), so that no configuration has to reach the page.
 */
export const prefix = import.meta.env.DEV ? '' : new URL('..', import.meta.url).pathname.replace(/\/$/, '')
