// htmx with nothing evaluated, nothing injected, nothing sent elsewhere, and refusals (422) shown in place.
import htmx from 'htmx.org';
import { csrf, isMoved, parsed, sentenceFor, t } from './common.js';
import { toast } from './toasts.js';
import { pageOf } from './trusted.js';

Object.assign(htmx.config, {
  pageOf,
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  attributesToSettle: ['class'], // settling styles writes style attributes, which the policy forbids
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold personal data: none of it is kept in the browser's storage
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

// What is typed while the server's answer is on its way stays typed in the parts that the answer draws anew.
const typedAt = new WeakMap();
const askedAt = new WeakMap();
let asked = 0; // when the request was sent whose answer is taken in now
document.addEventListener('input', (event) => typedAt.set(event.target, performance.now()), true);
document.addEventListener('htmx:beforeRequest', (event) => {
  // Fields of a form that is on its way ask for nothing more.
  if (event.target.closest('form[data-sent]') && !event.target.matches('form')) event.preventDefault();
  askedAt.set(event.detail.xhr, performance.now());
});

function twinOf(control, name, within) {
  const ticked = control.type === 'radio' || control.type === 'checkbox';
  return [...within.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((other) => other.type === control.type && (!ticked || other.value === control.value));
}

const typedIn = (part) => [...part.querySelectorAll('input[name], select[name], textarea[name]')].filter((control) => (typedAt.get(control) ?? 0) > asked);

function giveBack(control, twin) {
  const { selectionStart: from, selectionEnd: to } = control;
  twin.value = control.value;
  twin.checked = control.checked;
  typedAt.set(twin, typedAt.get(control));
  if (twin === document.activeElement && typeof from === 'number') twin.setSelectionRange(from, to);
}

function keepTyped(from, into, removed = null) {
  for (const control of typedIn(from)) {
    const name = nameAfter(control.name, removed);
    const twin = name && twinOf(control, name, into);
    if (twin) giveBack(control, twin);
  }
}

// Rows below one that was removed move up; its own fields are gone.
function nameAfter(name, removed) {
  const [, table, number] = removed?.match(/^(.+)\.(\d+)$/) ?? [];
  if (!table || !name.startsWith(`${table}.`)) return name;
  const [row, ...rest] = name.slice(table.length + 1).split('.');
  if (Number(row) === Number(number)) return null;
  return Number(row) > Number(number) ? [table, Number(row) - 1, ...rest].join('.') : name;
}

// A part in which a file is still being sent would, drawn anew, forget the file: what was pressed follows the file.
function followFile(part, pressed) {
  toast(t('附件还在上传，传完后接着办理', 'A file is still being sent; this follows when it has arrived'));
  const form = part.closest('form');
  const look = () => {
    if (part.querySelector('.upload [data-sending]')) return;
    form.removeEventListener('uploaded', look);
    if (pressed.isConnected) pressed.click();
  };
  form.addEventListener('uploaded', look);
}

document.addEventListener('htmx:beforeSwap', (event) => {
  const { xhr, target, requestConfig, shouldSwap } = event.detail;
  asked = askedAt.get(xhr) ?? asked;
  const { elt } = requestConfig;
  if (!shouldSwap || !target.matches('.form-body') || !target.contains(elt)) return;
  if (target.querySelector('.upload [data-sending]')) { event.detail.shouldSwap = false; followFile(target, elt); }
  else if (typedIn(target).length) keepAfter(xhr, target, elt.name === '_remove' ? elt.value : null);
});

function keepAfter(xhr, part, removed) {
  const keep = (event) => {
    if (event.detail.xhr !== xhr) return;
    document.removeEventListener('htmx:afterSwap', keep);
    keepTyped(part, document.getElementById(part.id), removed);
  };
  document.addEventListener('htmx:afterSwap', keep);
}

// What was chosen before this script ran, or put back by the browser, asks for what depends on it now.
htmx.onLoad((loaded) => {
  if (loaded !== document.body) return;
  const moved = [...loaded.querySelectorAll('[hx-trigger="change"]:is(input, select, textarea)')].filter(isMoved);
  moved.find((control) => control.type !== 'radio' || control.checked)?.dispatchEvent(new Event('change', { bubbles: true }));
});

document.addEventListener('htmx:oobBeforeSwap', (event) => {
  const { target, fragment } = event.detail;
  // A part in which a file is still being sent stays as it is: exchanged, it would forget the file.
  if (target.querySelector('.upload [data-sending]')) event.detail.shouldSwap = false;
  else keepTyped(target, fragment);
});
document.addEventListener('htmx:configRequest', (event) => { event.detail.headers['X-CSRF-Token'] = csrf(); });
document.addEventListener('htmx:sendError', () => toast(t('网络不通，内容没有送出，请稍后再试', 'No connection: nothing was sent. Try again in a while'), 'late'));
document.addEventListener('htmx:responseError', (event) => {
  const { status, responseText } = event.detail.xhr;
  const ended = status === 401 ? t('登录已失效，请重新登录', 'Your session has ended; sign in again') : null;
  toast(parsed(responseText).message ?? ended ?? sentenceFor(status), 'late');
});
