// Long work of the studio: its progress is asked for until it is over, then the page shows what came of it.
//
// <div data-job-url="…"><p data-job-words></p><progress data-job-bar></progress></div>; the server answers {state, done, total, doing, over}.
import './simulation/scenarios.css';
import { send } from '../shell/common.js';

const EVERY = 250;
const SLOWEST = 8000;

async function follow(box) {
  const words = box.querySelector('[data-job-words]');
  const bar = box.querySelector('[data-job-bar]');
  let wait = EVERY;
  for (;;) {
    await new Promise((go) => setTimeout(go, wait));
    try {
      const job = await send(box.dataset.jobUrl);
      if (job.over) { location.reload(); return; }
      words.textContent = job.doing || words.textContent;
      bar.max = Math.max(1, job.total);
      bar.value = job.done;
      wait = EVERY;
    } catch (error) {
      if (error.signedOut || error.status === 404) { words.textContent = error.message; return; }
      wait = Math.min(wait * 2, SLOWEST);
    }
  }
}

for (const box of document.querySelectorAll('[data-job-url]')) follow(box);
