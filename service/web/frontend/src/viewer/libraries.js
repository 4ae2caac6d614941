// The library of diagrams writes elements as text; on its pages, which the server marks, that is allowed. Text that would
// run as a script, or be loaded as one, is refused there too.
globalThis.trustedTypes?.createPolicy('default', { createHTML: (html) => html });
