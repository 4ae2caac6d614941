// What differs: the styles of both pages, and in a long list the words of a file once it is opened.
import { make, t } from '../shell/common.js';
import { pageOf } from '../shell/trusted.js';
import './compare/compare.css';

async function tell(card) {
  const room = card.querySelector('.told');
  const link = room.querySelector('a');
  try {
    const answer = await fetch(card.dataset.words, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    room.replaceChildren(...pageOf(await answer.text()).body.childNodes);
    delete card.dataset.words;
  } catch {
    room.replaceChildren(make('span', { textContent: t('现在取不到，请稍后再展开，或者打开：', 'It cannot be fetched now; open it again later, or follow: ') }), link);
  }
}

for (const card of document.querySelectorAll('details[data-words]')) card.addEventListener('toggle', () => { if (card.open && card.dataset.words) tell(card); });
