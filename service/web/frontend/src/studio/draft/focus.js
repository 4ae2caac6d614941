// The focus in a part of a page that is drawn anew.
const CONTROLS = 'input, select, textarea, button, summary';

/** Remember which control has the focus, and return what gives it back to the same place of the new panel. */
export function focusIn(box) {
  const at = [...box.querySelectorAll(CONTROLS)].indexOf(document.activeElement);
  if (at < 0) return null;
  const { selectionStart: from, selectionEnd: to, type, value } = document.activeElement;
  return () => {
    const control = box.querySelectorAll(CONTROLS)[at];
    control?.focus({ preventScroll: true });
    if (type === 'search' && control?.type === type && value) {  // what was being searched is searched on
      control.value = value;
      control.dispatchEvent(new Event('input'));
    }
    try { if (from !== undefined && from !== null) control?.setSelectionRange(from, to); } catch { /* a control without text */ }
  };
}
