// A field into which a value of several is typed: Enter goes on to the next, the arrows step through the values.
import { fresh, make, t } from '../shell/common.js';
import { settle } from '../shell/corrections.js';

const STEPPED = '[data-steps]';

/** What is wrong with a typed value, or '' while it is empty or one of those that may be typed; read as the server reads it. */
export function wrong(field) {
  const typed = field.value.normalize('NFKC').trim().replace(/%$/, '').trim();
  const values = field.dataset.steps.split(' ');
  if (!typed || values.includes(typed)) return '';
  const most = Math.max(...values.map(Number));
  if (Number(typed) > most) return t(`不能超过 ${most}%`, `cannot exceed ${most}%`);
  return t(`没有“${typed.slice(0, 10)}”这一档`, `there is no “${typed.slice(0, 10)}”`);
}

/** Mark a field that holds no such value once it is left; a mark goes as soon as it is mended. */
function mark(field, left) {
  const problem = wrong(field);
  const id = `${field.id}-error`;
  if (problem && !left) return;
  if (!problem) {
    if (!field.value.trim()) return;
    settle(field.id);
    return;
  }
  field.setAttribute('aria-invalid', 'true');
  const said = document.getElementById(id) ?? make('span', { id, className: 'field-error' });
  said.textContent = t(`${problem}，不计入合计。`, `${problem}; it does not count.`);
  if (!said.isConnected) (field.closest('.with-unit') ?? field).after(said);
}

// What follows from the value is of the value before until the server has answered: it is not shown meanwhile.
const BLANK = '…';
const following = (field) => [...(field.closest('fieldset')?.querySelectorAll('output.computed') ?? []), ...field.form.querySelectorAll('#f-sums output.computed')];

function blank(field) {
  for (const output of following(field)) {
    if (output.textContent === BLANK) continue;
    output.dataset.before = output.textContent;
    output.textContent = BLANK;
  }
}

// What the answer left as it was is shown again, but for what follows from a value that was typed since.
function unblank(form) {
  for (const output of form.querySelectorAll('output[data-before]')) {
    output.textContent = output.dataset.before;
    delete output.dataset.before;
  }
  [...form.querySelectorAll(STEPPED)].filter((field) => field.value !== field.sent).forEach(blank);
}

document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.target.closest?.('form');
  if (form?.querySelector(STEPPED) && event.detail.successful) unblank(form);
});

// The sums follow when the hand rests, not at each key.
function ask(field) {
  field.rested = setTimeout(() => field.dispatchEvent(new Event('change', { bubbles: true })), 400);
}

function follow(field) {
  clearTimeout(field.rested);
  if (field.value === field.sent) { unblank(field.form); return; }
  blank(field);
  if (!wrong(field)) ask(field);
}

function step(field, up) {
  const values = field.dataset.steps.split(' ');
  const at = values.indexOf(field.value.trim());
  const near = at < 0 && field.value.trim() ? values.findIndex((one) => Number(one) >= Number(field.value)) : at;
  const next = at < 0 ? (near < 0 ? (up ? 0 : values.length - 1) : up ? near : near - 1) : at + (up ? 1 : -1);
  field.value = values[Math.min(values.length - 1, Math.max(0, next))];
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function onward(field, back) {
  const all = [...field.form.querySelectorAll(STEPPED)];
  const next = all[all.indexOf(field) + (back ? -1 : 1)];
  const target = next ?? (back ? field : all.find((one) => !one.value.trim()));
  if (!target) { askToSubmit(field.form); return; }
  target.focus();
  target.select?.();
}

/** Ask once whether a sheet is sent whose last value was typed: Enter pressed once too often only closes what asks. */
function askToSubmit(form) {
  const submit = form.querySelector('.action-bar .btn-main');
  if (!submit) return;
  form.dispatchEvent(new Event('recount'));
  const dialog = make('dialog');
  dialog.setAttribute('aria-labelledby', 'ask-to-submit');
  const button = (words, kind, act) => {
    const made = make('button', { type: 'button', className: `btn ${kind}`, textContent: words });
    made.addEventListener('click', () => { dialog.close(); act?.(); });
    return made;
  };
  const stay = button(t('再看看', 'Look again'), '');
  dialog.append(
    make('h2', { id: 'ask-to-submit', textContent: t('各项已走完，现在核对并提交？', 'That was the last item. Check and send the sheet?') }),
    make('p', { textContent: [document.querySelector('.sheet-missing')?.textContent, t('还没有提交。下一页显示总分，请再核对，按“确认提交”才算提交。', 'Nothing is sent yet. The next page shows the total: it is sent once you press “Confirm and submit” there.')].filter(Boolean).join(t('；', '. ')) }),
    make('div', { className: 'dialog-acts' }, stay, button(t('去核对', 'Go and check'), 'btn-main', () => form.requestSubmit(submit))),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
}

function press(event) {
  const field = event.target;
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'Enter') { event.preventDefault(); onward(field, event.shiftKey); }
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') { event.preventDefault(); step(field, event.key === 'ArrowUp'); }
}

export function steps(root) {
  for (const field of fresh(root, STEPPED, 'Steps')) {
    field.addEventListener('keydown', press);
    field.sent = field.value;
    field.addEventListener('input', () => { mark(field, false); follow(field); });
    field.addEventListener('change', () => { clearTimeout(field.rested); field.sent = field.value; mark(field, true); });
    field.addEventListener('focus', () => field.select());
  }
}
