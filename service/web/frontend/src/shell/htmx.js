// htmx with nothing evaluated, nothing injected, nothing sent elsewhere, and refusals (422) shown in place.
import htmx from 'htmx.org';
import { csrf, parsed, sentenceFor, t } from './common.js';
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
let asked = 0;
document.addEventListener('input', (event) => typedAt.set(event.target, performance.now()), true);
document.addEventListener('htmx:beforeRequest', (event) => {
  // Fields of a form that is on its way ask for nothing more.
  if (event.target.closest('form[data-sent]') && !event.target.matches('form')) event.preventDefault();
  asked = performance.now();
});

function twinOf(control, within) {
  const ticked = control.type === 'radio' || control.type === 'checkbox';
  return [...within.querySelectorAll(`[name="${CSS.escape(control.name)}"]`)].find((other) => other.type === control.type && (!ticked || other.value === control.value));
}

function keepTyped(from, into) {
  for (const control of from.querySelectorAll('input[name], select[name], textarea[name]')) {
    const twin = (typedAt.get(control) ?? 0) > asked && twinOf(control, into);
    if (!twin) continue;
    twin.value = control.value;
    twin.checked = control.checked;
    typedAt.set(twin, typedAt.get(control));
  }
}

// What was chosen before this script ran, or put back by the browser, asks for what depends on it now.
function isMoved(control) {
  if (control.options) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
  return ['radio', 'checkbox'].includes(control.type) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue;
}
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
