// New work is announced, never pushed under the mouse: a link appears above the list, rows stay where they are.
//
// <div class="list-slot" data-poll-url data-poll-seconds="25" [data-poll-href]>; the server answers {count, [message], [progress]}.
// How far work has come is no row: `progress` {name: {done, total, words}} is shown at once in [data-progress=name].
import { fresh, make, send, t } from './common.js';

const words = (count) => t(`有 ${count} 项新待办，点击显示`, count === 1 ? '1 new task, show it' : `${count} new tasks, show them`);

function announce(slot, answer) {
  if (!answer.count) { slot.replaceChildren(); return; }
  const said = answer.message ?? words(answer.count);
  if (slot.textContent === said) return;
  slot.replaceChildren(make('a', { className: 'btn btn-main fresh', href: slot.dataset.pollHref ?? location.href, textContent: said }));
}

function showProgress(progress) {
  for (const [name, { done, total, words: said }] of Object.entries(progress ?? {})) {
    const line = document.querySelector(`[data-progress="${CSS.escape(name)}"]`);
    if (!line) continue;
    line.firstElementChild.textContent = said;
    Object.assign(line.querySelector('progress'), { max: Math.max(total, 1), value: done });
  }
}

function watch(slot) {
  const every = Number(slot.dataset.pollSeconds ?? 25) * 1000;
  let wait = every;
  slot.setAttribute('role', 'status');
  const ask = async () => {
    if (!slot.isConnected) return;
    if (!document.hidden) {
      try {
        const answer = await send(slot.dataset.pollUrl);
        showProgress(answer.progress);
        announce(slot, answer);
        wait = every;
      } catch (error) {
        if (error.signedOut) return;
        wait = Math.min(wait * 2, every * 12); // the server has trouble: many open lists must not add to it
      }
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, wait);
}

export function poll(root) {
  for (const slot of fresh(root, '[data-poll-url]', 'Poll')) watch(slot);
}
