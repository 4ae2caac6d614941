const ours = (address) => {
  if (!address.startsWith('/static/dist/')) throw new TypeError(address);
  return address;
};

// The one door by which text that our own server sent becomes elements; everything else is refused by the policy of contents.
const policy = globalThis.trustedTypes?.createPolicy('laurel', { createHTML: (html) => html, createScriptURL: ours });

/** Text of our own server, as a browser with Trusted Types wants it. */
export const trusted = (html) => policy?.createHTML(html) ?? html;

/** The address of a script of our own, for a worker. */
export const trustedScript = (address) => policy?.createScriptURL(address) ?? address;

/** The page that `html` is. */
export const pageOf = (html) => new DOMParser().parseFromString(trusted(html), 'text/html');
