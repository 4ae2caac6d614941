// The focus in a part of a page that is drawn anew.
// A formula is a line drawn anew and an editor once it is gone into: one control either way.
const CONTROLS = 'input, select, textarea, button:not(.cm-editor *), summary, .cm-content';

/** What a control is called on the page. */
export const labelOf = (control) => control.getAttribute('aria-label') || [...control.labels ?? []].map((label) => label.textContent).join(' ') || control.textContent;

/** What stands in a control. */
export const valueOf = (control) => control.value;

/**
 * Remember which control has the focus, and return what gives it back to the same place of the new panel; only where all of
 * `alike` (`labelOf`, `valueOf`) give for the control there what they gave before: others may have moved what stood there.
 */
export function focusIn(box, ...alike) {
  const old = document.activeElement;
  const at = [...box.querySelectorAll(CONTROLS)].indexOf(old);
  if (at < 0) return null;
  const { selectionStart: from, selectionEnd: to, type, value } = old;
  const was = alike.map((of) => of(old));
  return () => {
    const control = box.querySelectorAll(CONTROLS)[at];
    if (!control || alike.some((of, place) => of(control) !== was[place])) return;
    control.focus({ preventScroll: true });
    if (type === 'search' && control.type === type && value) {  // what was being searched is searched on
      control.value = value;
      control.dispatchEvent(new Event('input'));
    }
    try { if (from !== undefined && from !== null) control.setSelectionRange(from, to); } catch { /* a control without text */ }
  };
}
