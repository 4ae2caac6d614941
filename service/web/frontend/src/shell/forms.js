// Submitting once, and not losing what was typed.
import { isMoved, t } from './common.js';
import { isLeaving } from './sign_out.js';
import { toast } from './toasts.js';

const changed = new WeakSet();
const long = 'form[data-warn-unsaved], form[data-autosave-url]';
const watched = `${long}, #main form[method="post"]`;
// What is written out, not chosen; what the browser fills in by itself, as a name to sign in with, is none of it.
const words = 'textarea, input:is([type="text"], :not([type])):not([autocomplete])';

export const markChanged = (form) => changed.add(form);
export const markSaved = (form) => changed.delete(form);
/** Tell whether a control is sent with the form: a tab that only turns the page, or a note with a form of its own, is not. */
export const belongs = (control, form) => !('form' in control) || control.form === form;
/** Tell whether the form holds something that is only on this page. */
export const isChanged = (form) => changed.has(form);

function buttonsOf(form) {
  return [...form.elements].filter((element) => element.type === 'submit');
}

function lock(form, pressed) {
  form.dataset.sent = 'yes';
  // After this turn: a disabled button would not be part of what is sent.
  setTimeout(() => {
    for (const button of buttonsOf(form)) button.disabled = true;
    // What its fields have asked about is moot, and would be refused once the task is over.
    if (!form.matches('[hx-post]')) form.dispatchEvent(new CustomEvent('htmx:abort', { bubbles: true, detail: {} }));
    if (!pressed) return;
    pressed.setAttribute('aria-busy', 'true');
    if (pressed.tagName === 'BUTTON' && !pressed.dataset.label) {
      pressed.dataset.label = pressed.textContent;
      pressed.textContent = t('正在提交…', 'Sending…');
    }
  });
}

function unlock(form) {
  delete form.dataset.sent;
  for (const button of buttonsOf(form)) {
    button.disabled = false;
    button.removeAttribute('aria-busy');
    if (button.dataset.label) button.textContent = button.dataset.label;
    delete button.dataset.label;
  }
}

// The page was not left: whoever is asked stays, or stops the browser. What was pressed can be pressed again.
function stayed() {
  for (const form of document.querySelectorAll('form[data-sent]:not([hx-post], [hx-put], [hx-delete])')) {
    unlock(form);
    if (form.matches(watched)) markChanged(form);
    form.dispatchEvent(new Event('change')); // its draft goes on being saved
    toast(t('没有离开本页，刚才的提交没有完成，可以再按一次', 'The page was not left and nothing was completed: press once more'), 'late');
  }
}

const isSending = (form) => form.querySelector('.upload [data-sending]') !== null;

// Pressed while a file is still on its way: the form follows the file, or stays when the file did not arrive.
function hold(form, pressed) {
  toast(t('附件还在上传，传完后自动提交', 'A file is still being sent; the form follows when it has arrived'));
  if (form.dataset.held) return;
  form.dataset.held = 'yes';
  const before = [...form.querySelectorAll('.upload .upload-problem')];
  const look = () => {
    if (isSending(form)) return;
    form.removeEventListener('uploaded', look);
    delete form.dataset.held;
    const problem = form.querySelector('.upload [data-failed]') ?? [...form.querySelectorAll('.upload .upload-problem')].find((one) => !before.includes(one));
    problem?.scrollIntoView({ block: 'center' });
    if (problem) toast(t('有附件没有上传成功，表单没有提交：请看该附件旁的说明，再提交', 'A file was not uploaded, and the form was not sent: see what stands beside it, then send it'), 'late');
    else form.requestSubmit(pressed?.isConnected ? pressed : null);
  };
  form.addEventListener('uploaded', look);
}

function onSubmit(event) {
  if (event.target.target === '_blank') return; // the page stays
  const form = event.target;
  if (event.defaultPrevented && !form.matches('[hx-post], [hx-put], [hx-delete]')) { markSaved(form); return; } // a script sends it
  if (form.dataset.sent) { event.preventDefault(); event.stopPropagation(); return; }
  if (isSending(form) && !event.submitter?.matches('[hx-post]')) { event.preventDefault(); hold(form, event.submitter); return; }
  markSaved(form);
  if (form.method === 'post' && !form.hasAttribute('data-download')) lock(form, event.submitter);
}

// A page that answers what was posted, as where it was refused, holds what was typed, and nothing else does.
function isOnlyHere(form) {
  if (!form.closest('[data-posted]') || form.matches('[data-autosave-url]')) return false;
  return form.matches('[data-warn-unsaved]') || [...form.querySelectorAll('textarea')].some((box) => box.value && box.checkVisibility());
}

// Words of a search that were not sent yet go along when its list is put in another order.
function searchToo(event, order) {
  const search = document.querySelector('form.filters[role="search"]');
  const box = search?.querySelector('input[type="search"]');
  if (!box || order === null || !isMoved(box)) return false;
  event.preventDefault();
  const [name, value] = order;
  const hidden = search.elements[name] ?? search.appendChild(Object.assign(document.createElement('input'), { type: 'hidden', name }));
  hidden.value = value;
  search.requestSubmit();
  return true;
}

const orderOf = (url) => [...url.searchParams].find(([name]) => name === 'order' || name === 'sort') ?? null;

/** Watch all forms of the page. */
export function forms() {
  const typed = 'input:not([type="file"], [type="hidden"]), select:not([multiple]), textarea';
  for (const form of document.querySelectorAll(watched)) if (isOnlyHere(form) || [...form.querySelectorAll(form.matches(long) ? typed : words)].some(isMoved)) markChanged(form);
  document.addEventListener('input', (event) => {
    const form = event.target.form?.closest(watched);
    if (form && event.target.matches(form.matches(long) ? '*' : words)) markChanged(form);
  });
  document.addEventListener('keydown', (event) => {
    // Enter in a field would press the first button of a long form, such as one that removes a row.
    if (event.key === 'Enter' && !event.isComposing && event.target.matches(`:is(${long}) input:not([type="submit"], [type="button"])`)) event.preventDefault();
  });
  document.addEventListener('click', (event) => {
    const link = event.button || event.ctrlKey || event.metaKey || event.shiftKey ? null : event.target.closest('th[aria-sort] > a, th > a[href*="sort="]');
    if (link) searchToo(event, orderOf(new URL(link.href)));
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('.sort-menu') || !searchToo(event, ['order', event.target.elements.order.value])) onSubmit(event);
  });
  document.addEventListener('htmx:afterRequest', (event) => { if (event.target.matches?.('form')) unlock(event.target); });
  // Back from the next page, or the server did not answer: the form must work again.
  addEventListener('pageshow', (event) => { if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(unlock); });
  // A file that was fetched before counts as given up once a form is sent: only what became of the form itself is asked.
  let sending = null;
  globalThis.navigation?.addEventListener('navigate', (event) => { sending = event.formData ? event.signal : null; });
  globalThis.navigation?.addEventListener('navigateerror', () => { if (sending?.aborted) stayed(); });
  addEventListener('beforeunload', (event) => {
    if (isLeaving()) return;
    const open = [...document.querySelectorAll(watched)].some((form) => isChanged(form));
    if (open || document.querySelector('.upload [data-sending]')) event.preventDefault();
  });
  // A list that filters as soon as a choice is made; the button stays for those without scripts.
  document.addEventListener('change', (event) => {
    if (event.target.matches('form[data-submit-on-change] select')) event.target.form.requestSubmit();
  });
}
