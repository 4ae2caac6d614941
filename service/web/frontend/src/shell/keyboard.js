// The task list without a mouse: j/k move, Enter opens, c claims, x picks, / searches, ? explains. Can be switched off (WCAG 2.1.4).
import { fresh } from './common.js';
import { openDialog } from './dialogs.js';
import { machine } from './remembered.js';

const SWITCH = 'laurel.keys.off';
const isOff = () => machine.get(SWITCH) === 'yes';

class Rows {
  constructor(list) {
    this.list = list;
    list.addEventListener('focusin', (event) => this.mark(event.target.closest('[data-row]')));
  }

  get all() { return [...this.list.querySelectorAll('[data-row]')]; }
  get current() { return this.list.querySelector('.is-current'); }

  mark(row) {
    if (!row || row === this.current) return;
    this.current?.classList.remove('is-current');
    row.classList.add('is-current');
  }

  move(step) {
    const rows = this.all;
    const at = rows.indexOf(this.current);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    next?.querySelector('.row-link')?.focus();
  }

  press(selector) { this.current?.querySelector(selector)?.click(); }
}

const ACTS = {
  j: (rows) => rows.move(1),
  k: (rows) => rows.move(-1),
  c: (rows) => rows.press('[data-act="claim"]'),
  x: (rows) => rows.press('.pick input'),
  '/': () => (document.querySelector('main input[type="search"]') ?? document.querySelector('input[type="search"]'))?.focus(),
  '?': () => openDialog('keys-help'),
};

function typing(event) {
  const { target } = event;
  return event.isComposing || event.ctrlKey || event.metaKey || event.altKey || target.closest('input:not([type="checkbox"]), select, textarea, [contenteditable], dialog');
}

function listen(rows) {
  document.addEventListener('keydown', (event) => {
    const act = ACTS[event.key];
    if (!act || typing(event) || isOff() || !rows.list.isConnected) return;
    event.preventDefault();
    act(rows);
  });
}

function offerSwitch() {
  const box = document.querySelector('[data-keys-switch]');
  if (!box) return;
  box.checked = !isOff();
  box.addEventListener('change', () => machine.set(SWITCH, box.checked ? 'no' : 'yes'));
}

export function keyboard(root) {
  for (const list of fresh(root, '[data-keyboard-list]', 'Keys')) { listen(new Rows(list)); offerSwitch(); }
}
