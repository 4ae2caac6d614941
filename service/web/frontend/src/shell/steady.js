// What one has just answered stays where it is on the screen when sections above or below it come or go.
const NEAR = 1;

let anchor = null; // {id, top}: the control that was used, and where it was

// Who went on to the next control meanwhile looks at that one.
function note(control) {
  const { activeElement: next } = document;
  const from = next?.form && next.form === control.form && inSight(next) ? next : control;
  const shown = from.labels?.[0] ?? from;
  anchor = { from, id: from.id, shown, top: shown.getBoundingClientRect().top };
}

function inSight(control) {
  const { top, bottom } = control.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function keep() {
  if (!anchor) return;
  const now = anchor.from.isConnected ? anchor.shown : document.getElementById(anchor.id);
  if (!now) return;
  const moved = now.getBoundingClientRect().top - anchor.top;
  if (Math.abs(moved) < NEAR) return;
  // Where the page became too short to be scrolled so far, it stays as long as it is looked at.
  document.body.style.minHeight = `${Math.ceil(scrollY + moved + innerHeight)}px`;
  scrollBy({ top: moved, behavior: 'instant' });
}

/** Watch the parts of forms that the server draws anew. */
export function steady() {
  let used = null;
  document.addEventListener('htmx:beforeRequest', (event) => { used = event.target; anchor = null; });
  document.addEventListener('htmx:oobBeforeSwap', () => { if (used?.isConnected && !anchor) note(used); });
  document.addEventListener('htmx:oobAfterSwap', keep);
  document.addEventListener('htmx:afterSettle', () => { keep(); anchor = null; });
  addEventListener('scroll', () => {
    if (document.body.style.minHeight && !anchor) document.body.style.minHeight = `${Math.ceil(scrollY + innerHeight)}px`;
  }, { passive: true });
}
