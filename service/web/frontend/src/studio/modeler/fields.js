// Fields of the panel: plain controls with a label, a help and a callback. What is typed counts when the field is left
// or half a second after the last key, so that undo takes back a word and not a letter.
import { make, t } from '../../shell/common.js';
import { machine } from '../../shell/remembered.js';

const PAUSE = 500;
let serial = 0;

/** A labelled control; `help` stands below it. */
export function field(label, control, help) {
  serial += 1;
  control.id ||= `field-${serial}`;
  const box = make('div', { className: 'panel-field' }, make('label', { textContent: label, htmlFor: control.id }), control);
  if (help) {
    box.append(make('p', { className: 'panel-help', id: `${control.id}-help`, textContent: help }));
    control.setAttribute('aria-describedby', `${control.id}-help`);
  }
  return box;
}

/** Call `change(value)` once typing has paused, no word half put together, or the control is left; the same value is told once. */
export function onTyped(control, change) {
  let told = control.value;
  let timer;
  const tell = () => {
    clearTimeout(timer);
    if (control.value === told) return;
    told = control.value;
    change(told);
  };
  const later = ({ isComposing }) => { clearTimeout(timer); if (!isComposing) timer = setTimeout(tell, PAUSE); };
  control.addEventListener('input', later);
  control.addEventListener('compositionend', () => later({ isComposing: false }));
  control.addEventListener('change', tell);
  control.addEventListener('blur', tell);
  control.flush = tell;
}

/** A line of text. */
export function textField(label, value, change, { help, longest = 500, list } = {}) {
  const control = make('input', { type: 'text', value: value ?? '', maxLength: longest });
  if (list) control.setAttribute('list', list);
  onTyped(control, (typed) => change(typed.trim()));
  return field(label, control, help);
}

/** Several lines of text. */
export function longField(label, value, change, { help, rows = 2 } = {}) {
  const control = make('textarea', { value: value ?? '', rows });
  onTyped(control, (typed) => change(typed.trim()));
  return field(label, control, help);
}

/** One of `options` ({value, label}); a value that is none of them stays and says so. */
export function selectField(label, value, options, change, { help, empty = t('（未选）', '(none)') } = {}) {
  const control = make('select', {});
  if (empty !== null) control.append(make('option', { value: '', textContent: empty }));
  const groups = new Map();
  for (const option of options) place(control, groups, option);
  if (value && !options.some((option) => option.value === value)) control.append(make('option', { value, textContent: t(`${value}（没有定义）`, `${value} (not defined)`) }));
  control.value = value ?? '';
  control.addEventListener('change', () => change(control.value));
  return field(label, control, help);
}

function place(control, groups, { value, label, group }) {
  const option = make('option', { value, textContent: label });
  if (!group) { control.append(option); return; }
  if (!groups.has(group)) groups.set(group, control.appendChild(make('optgroup', { label: group })));
  groups.get(group).append(option);
}

/** Choices as options by name; the key stands behind where several have one name. `value(id)` is what is written. */
export function namedOptions(choices, value = (id) => id) {
  const known = new Map();
  for (const { id, name } of choices) known.set(name || id, (known.get(name || id) ?? 0) + 1);
  return choices.map(({ id, name, group }) => ({ value: value(id), label: !name || name === id || known.get(name) === 1 ? name || id : `${name}（${id}）`, group }));
}

/** Let a field tell the key behind its name to whoever points at it. */
export function keyed(box, key) {
  box.querySelector('label').title = key;
  return box;
}

/** A box to tick. */
export function tickField(label, ticked, change, help) {
  serial += 1;
  const control = make('input', { type: 'checkbox', checked: Boolean(ticked), id: `field-${serial}` });
  control.addEventListener('change', () => change(control.checked));
  const box = make('div', { className: 'panel-field panel-tick' }, make('label', { htmlFor: control.id }, control, ` ${label}`));
  if (help) box.append(make('p', { className: 'panel-help', textContent: help }));
  return box;
}

const keptAs = (key) => `laurel-panel-${key}`;

/** Unfold a section at once: a browser tells of it only later, when the panel may have been drawn anew. */
export function unfold(box) {
  box.open = true;
  machine.set(keptAs(box.dataset.section), 'open');
}

/** A section that can be folded; it remembers whether it was. */
export function section(title, parts, { open = true, key = title } = {}) {
  const kept = keptAs(key);
  const shown = machine.get(kept);
  const box = make('details', { className: 'panel-section', open: shown === null ? open : shown === 'open' }, make('summary', { textContent: title }), ...parts.filter(Boolean));
  box.dataset.section = key;
  box.addEventListener('toggle', () => machine.set(kept, box.open ? 'open' : 'shut'));
  return box;
}

/** A small button. */
export function button(label, act, kind = '') {
  const made = make('button', { type: 'button', className: `btn btn-small ${kind}`.trim(), textContent: label });
  made.addEventListener('click', act);
  return made;
}
