// A session that ends by itself leaves nothing on the screen or in the browser: whoever comes next sees the sign-in.
//
// <body data-session-ends="SECONDS">; GET /session/ends tells how many are left, as work in other windows goes on with it.
import { make, send, t } from './common.js';
import { forget } from './sign_out.js';

const EARLY = 60_000;
const LONGEST = 86_400_000; // a timer holds no more than 24 days

let ends = 0;
let timer = null;
let box = null;

function wait(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(1000, Math.min(milliseconds, LONGEST)));
}

async function look() {
  try {
    ends = Date.now() + (await send('/session/ends')).seconds * 1000;
  } catch (error) {
    if (error.signedOut) { forget(); leave(); return; }
    if (Date.now() > ends) { leave(); return; } // the network is gone, and the session with it
    wait(EARLY / 4);
    return;
  }
  const left = ends - Date.now();
  if (left > EARLY) { box?.remove(); box = null; wait(left - EARLY); return; }
  warn();
  wait(left + 500);
}

function warn() {
  if (box) return;
  const stay = make('button', { type: 'button', textContent: t('继续办理', 'Go on') });
  stay.addEventListener('click', async () => {
    await fetch('/session/ends', { credentials: 'same-origin', redirect: 'manual' }).catch(() => {}); // without the header of a script it is a use
    look();
  });
  const sentence = t('登录将在一分钟内自动退出，届时本页内容会从屏幕上清除；没有提交的请先暂存或提交', 'Your session ends within a minute, and this page is cleared from the screen then: save or send what is not yet');
  box = make('div', { className: 'toast is-late' }, make('p', { textContent: sentence }), stay);
  const region = document.querySelector('.toasts') ?? document.body.appendChild(make('div', { className: 'toasts', role: 'status' }));
  region.append(box);
}

function leave() {
  document.documentElement.dataset.signingOut = 'yes';
  try { sessionStorage.clear(); } catch { /* storage is blocked: nothing is kept */ }
  document.body.replaceChildren();
  document.title = t('登录', 'Sign in');
  location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Clear this page when the session of its person ends; a minute before they are told. */
export function sessionEnd() {
  const told = Number(document.body.dataset.sessionEnds);
  if (!told) return;
  ends = Date.now() + told * 1000;
  wait(told * 1000 - EARLY);
  // A computer that slept, or a page that comes back from the browser's memory.
  const again = () => { if (!document.hidden && Date.now() > ends - EARLY) look(); };
  document.addEventListener('visibilitychange', again);
  addEventListener('pageshow', again);
}
