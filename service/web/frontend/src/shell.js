// The shell of every page: htmx under a strict policy, and what makes forms and lists pleasant. Every page works without it.
import './shell/htmx.js';
import { isNarrow } from './shell/common.js';
import { forms } from './shell/forms.js';
import { autosave } from './shell/autosave.js';
import { upload } from './shell/upload.js';
import { passwords } from './shell/passwords.js';
import { count } from './shell/count.js';
import { dates } from './shell/dates.js';
import { keyboard } from './shell/keyboard.js';
import { sections } from './shell/sections.js';
import { place } from './shell/place.js';
import { bulk } from './shell/bulk.js';
import { narrow } from './shell/narrow.js';
import { poll } from './shell/poll.js';
import { dialogs } from './shell/dialogs.js';
import { hints } from './shell/hints.js';
import { forgetAtSignOut } from './shell/sign_out.js';
import { sessionEnd } from './shell/session_end.js';
import { presses } from './shell/presses.js';
import { steady } from './shell/steady.js';
import { corrections } from './shell/corrections.js';
import { toasts } from './shell/toasts.js';
import { secretLink } from './shell/secret_link.js';

document.documentElement.classList.add('js');

/** Bring `root` to life; called for the page and for whatever htmx swaps in. */
function enliven(root) {
  for (const part of [autosave, upload, count, passwords, dates, keyboard, sections, place, bulk, narrow, poll]) part(root);
  const summary = root.querySelector('.error-summary');
  // Whoever types a score sheet goes on at the first item that lacks something, whoever holds a phone sees the first field with an
  // error; the summary is read out where it stands.
  const named = [...(summary?.querySelectorAll('a') ?? [])].map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
  const [item] = named.filter(Boolean).sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  const first = item && (isNarrow() || item.matches('[data-steps]')) ? item : summary;
  first?.focus();
  if (first === item) item?.scrollIntoView({ block: 'center' });
}

// What answered a form cannot be shown again without sending it again: who comes back there, or loads it anew, gets the page whose
// form it was, or its own where the server kept what was sent.
if (document.querySelector('main[data-posted]')) {
  const own = document.querySelector('form[data-autosave-kept]') || !document.referrer.startsWith(`${location.origin}/`);
  history.replaceState(null, '', own ? location.href : document.referrer);
}

secretLink();
forms();
dialogs();
hints();
forgetAtSignOut();
sessionEnd();
toasts();
steady();
presses();
corrections();
enliven(document);
document.addEventListener('htmx:load', (event) => { if (event.target !== document.body) enliven(event.target); });
// On a phone the rows of pages scroll: the page where one is must be in sight.
for (const row of document.querySelectorAll('.places ul, .sub-places ul, .draft-places .tabs')) {
  const here = row.querySelector('[aria-current]');
  const at = here && here.getBoundingClientRect().left - row.getBoundingClientRect().left + row.scrollLeft;
  if (here) row.scrollLeft = at - (row.clientWidth - here.offsetWidth) / 2;
}
