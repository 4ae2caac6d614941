// A field for a formula: a line to look at, which becomes the field with completion and check once one goes into it, so
// that a panel with many formulas asks the server about one.
import { make } from '../../shell/common.js';
import { feelField } from '../feel/field.js';
import { isComposing } from '../draft/typing.js';
import { field, onTyped } from './fields.js';

const PAUSE = 500;

/** A formula with its label; `change(value)` is told of what was typed, `place` is {words, check}: where to ask. */
export function formulaField(label, value, change, { help, place } = {}) {
  const control = make('textarea', { value: value ?? '', rows: 1, className: 'code', spellcheck: false });
  onTyped(control, (typed) => change(typed.trim()));
  const box = field(label, control, help);
  // A moment later: who goes in by a script, or selects all at once, does so in the line, and that is taken along.
  if (place) control.addEventListener('focus', () => setTimeout(() => { if (document.activeElement === control) grow(control, label, change, place); }));
  return box;
}

function grow(control, label, change, { words, check }) {
  const parent = make('div', { className: 'panel-formula' });
  const { selectionStart: from, selectionEnd: to } = control;
  control.flush();
  const told = { last: control.value, timer: null };
  control.replaceWith(parent);
  const tell = (typed) => {
    clearTimeout(told.timer);
    if (typed === told.last) return;
    told.last = typed;
    change(typed.trim());
  };
  const later = () => { clearTimeout(told.timer); told.timer = setTimeout(() => (isComposing() ? later() : tell(made.value())), PAUSE); };
  const made = feelField({ parent, value: control.value, label, wordsUrl: words, checkUrl: check, onChange: later });
  parent.addEventListener('focusout', () => tell(made.value()));
  parent.flush = () => { if (!isComposing()) tell(made.value()); };
  made.focus();
  made.select(from, to);
}
