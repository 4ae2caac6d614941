// Long work of the studio: its progress is asked for until it is over, then the page shows what came of it.
//
// <div data-job-url="…"><p data-job-words></p><progress data-job-bar></progress></div>; the server answers {state, done, total, doing, over}.
// With data-job-in-place the page is not loaded anew: only its content is exchanged, which no script has taken hold of.
import './simulation/scenarios.css';
import { send } from '../shell/common.js';
import { pageOf } from '../shell/trusted.js';

const EVERY = 400;
const SLOWEST = 8000;

async function follow(box) {
  const words = box.querySelector('[data-job-words]');
  const bar = box.querySelector('[data-job-bar]');
  let wait = 0;
  let told = box.dataset.jobDone;
  for (;;) {
    await new Promise((go) => setTimeout(go, wait));
    try {
      const job = await send(box.dataset.jobUrl);
      if (job.over) {
        // what is being typed beside is not taken away
        if (box.dataset.jobReady && isTyped()) { words.textContent = box.dataset.jobReady; return; }
        await (box.hasAttribute('data-job-in-place') ? exchange(box) : location.reload());
        return;
      }
      words.textContent = job.doing || words.textContent;
      bar.max = Math.max(1, job.total);
      if (job.total > 1) bar.value = job.done;
      if (String(job.done) !== told && !box.hasAttribute('data-job-in-place')) { told = String(job.done); await tell(); }
      wait = EVERY;
    } catch (error) {
      if (error.signedOut || error.status === 404) { words.textContent = error.message; return; }
      wait = Math.min(Math.max(wait, EVERY) * 2, SLOWEST);
    }
  }
}

function isTyped() {
  return [...document.querySelectorAll('#main :is(input, textarea)')].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

// What came of those that are over is shown while the others run, unless somebody is just choosing there.
async function tell() {
  const parts = [...document.querySelectorAll('[data-job-results]')];
  if (!parts.length || parts.some((part) => part.contains(document.activeElement))) return;
  const answer = await fetch(location.href, { credentials: 'same-origin' });
  const shown = answer.ok && !answer.redirected ? [...pageOf(await answer.text()).querySelectorAll('[data-job-results]')] : [];
  if (shown.length === parts.length) parts.forEach((part, at) => part.replaceWith(shown[at]));
}

async function exchange(box) {
  const answer = await fetch(location.href, { credentials: 'same-origin' });
  const shown = pageOf(await answer.text()).querySelector('#main > .wrap:last-child');
  if (answer.redirected || !answer.ok || !shown || !box.isConnected) { location.reload(); return; }
  box.closest('#main > .wrap').replaceWith(shown);
  document.getElementById('main').focus({ preventScroll: true });
}

// A row of a scenario: what is chosen shows what belongs to it, without a page in between; buttons of rows do the same.
async function show(form, pressed) {
  const held = document.activeElement?.id;
  const typed = new FormData(form);
  typed.append(pressed.name, pressed.value);
  form.setAttribute('aria-busy', 'true');
  form.inert = true;
  try {
    const answer = await fetch(form.action, { method: 'POST', body: typed, credentials: 'same-origin' });
    const shown = pageOf(await answer.text()).querySelector('form.row-form');
    if (answer.redirected || !shown) { form.inert = false; form.requestSubmit(form.querySelector('.first-button')); return; }
    const focus = held;
    form.replaceWith(shown);
    const added = pressed.name === '_add' && shown.querySelector(`[id="${pressed.value}"] .input-row:last-of-type :is(input, select, textarea)`);
    (added || (focus && document.getElementById(focus)) || shown.querySelector('select')).focus();
  } catch {
    form.inert = false;
    form.requestSubmit(form.querySelector('.first-button'));
  }
}

document.addEventListener('change', (event) => {
  const form = event.target.closest?.('form.row-form');
  if (form && event.target.matches('[data-shows-form]')) {
    show(form, { name: 'do', value: 'form' });
  }
});
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('form.row-form button[name^="_"]');
  if (!button) return;
  event.preventDefault();
  show(button.form, button);
});

for (const box of document.querySelectorAll('[data-job-url]')) follow(box);
