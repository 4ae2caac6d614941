// A field for FEEL: the help with formulas where it is there, a plain box otherwise.
import { make } from '../../shell/common.js';
import { field, onTyped } from './fields.js';

let maker = null;

/** Take the field with completion and check (`feelField`) for all formulas from now on. */
export function useFormulaHelp(feelField) { maker = feelField; }

/** A formula with its label; `change(value)` is told of what was typed. */
export function formulaField(label, value, change, { help, wordsUrl } = {}) {
  if (maker && wordsUrl) return helped(label, value, change, help, wordsUrl);
  const control = make('textarea', { value: value ?? '', rows: 1, className: 'code', spellcheck: false });
  onTyped(control, (typed) => change(typed.trim()));
  return field(label, control, help);
}

function helped(label, value, change, help, wordsUrl) {
  const parent = make('div', { className: 'panel-formula' });
  const box = make('div', { className: 'panel-field' }, make('span', { className: 'panel-label', textContent: label }), parent);
  if (help) box.append(make('p', { className: 'panel-help', textContent: help }));
  let timer;
  const later = (typed) => { clearTimeout(timer); timer = setTimeout(() => change(typed.trim()), 500); };
  maker({ parent, value: value ?? '', onChange: later, wordsUrl, label });
  return box;
}
