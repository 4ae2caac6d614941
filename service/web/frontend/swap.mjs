// An esbuild plugin: a literal of a package is written differently. A literal that an upgrade took away fails the build.
import fs from 'node:fs';

/** Each of `changes` is {of: RegExp of the file, old, now}. */
export const swap = (changes) => ({
  name: 'swap',
  setup(build) {
    const done = new Set();
    for (const of of new Set(changes.map((change) => change.of))) {
      build.onLoad({ filter: of }, async ({ path }) => {
        let contents = await fs.promises.readFile(path, 'utf8');
        for (const change of changes.filter((each) => each.of === of && contents.includes(each.old))) {
          contents = contents.replaceAll(change.old, change.now);
          done.add(change);
        }
        return { contents, loader: 'js' };
      });
    }
    build.onEnd(({ metafile, errors }) => {
      const loaded = Object.keys(metafile?.inputs ?? {});
      const gone = changes.filter((change) => !done.has(change) && loaded.some((file) => change.of.test(file)));
      if (!errors.length && gone.length) return { errors: gone.map(({ old }) => ({ text: `not found any more: ${old}` })) };
      return undefined;
    });
  },
});

// htmx reads an answer by sinks that Trusted Types guard: it asks our own door for it, and makes its pantry as an element.
const HTMX = /htmx\.org[\\/]dist[\\/]htmx\.esm\.js$/;
export const TRUSTED_ANSWERS = [
  { of: HTMX, old: 'return Document.parseHTMLUnsafe(resp)', now: 'return htmx.config.pageOf(resp)' },
  {
    of: HTMX,
    old: `insertAdjacentHTML('afterend', "<div id='--htmx-preserve-pantry--'></div>")`,
    now: "insertAdjacentElement('afterend', Object.assign(getDocument().createElement('div'), { id: '--htmx-preserve-pantry--' }))",
  },
  { of: HTMX, old: "return parser.parseFromString(resp, 'text/html')", now: 'return htmx.config.pageOf(resp)' },
  // What was given up for a newer request is no error for the console.
  { of: HTMX, old: "triggerErrorEvent(elt, 'htmx:afterRequest', responseInfo)\n      triggerErrorEvent(elt, 'htmx:sendAbort', responseInfo)", now: "triggerEvent(elt, 'htmx:afterRequest', responseInfo)" },
];

// CodeMirror writes its styles into a <style> of the page, which the policy of contents forbids; an adopted sheet is allowed.
export const ADOPTED_STYLES = { of: /style-mod[\\/]src[\\/]style-mod\.js$/, old: '!root.head && root.adoptedStyleSheets', now: 'root.adoptedStyleSheets' };
