// Who else has this draft open, and which file: asked twice a minute, told in one sentence.
import { send, t } from '../shell/common.js';

const EVERY = 30_000;
const box = document.querySelector('[data-presence]');
const here = new URLSearchParams(location.search).get('path') ?? '';

const nameOf = (path) => path.split('/').pop();

function sentence(others) {
  const same = others.filter((one) => here && one.path === here).map((one) => one.name);
  const elsewhere = others.filter((one) => !here || one.path !== here);
  const parts = [];
  if (same.length) parts.push(t(`${same.join('、')}也打开了这个文件，保存时会自动合并`, `${same.join(', ')} has this file open too: saves are merged`));
  for (const one of elsewhere) parts.push(one.path ? t(`${one.name}正在看 ${nameOf(one.path)}`, `${one.name} has ${nameOf(one.path)} open`) : t(`${one.name}也在这个草稿中`, `${one.name} is in this draft too`));
  return parts.join(t('；', '; '));
}

async function meet() {
  if (document.hidden) return;
  try {
    const { others } = await send(box.dataset.presence, { method: 'POST', body: JSON.stringify({ path: here }), headers: { 'Content-Type': 'application/json' } });
    const said = sentence(others);
    box.replaceChildren(...(said ? [Object.assign(document.createElement('p'), { className: 'note note-info', textContent: said })] : []));
  } catch { /* the network is gone: the editor says so, and this asks again */ }
}

// On a narrow screen the row of places is longer than the window: the one we are at is brought into it.
document.querySelector('.draft-places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

if (box) {
  meet();
  setInterval(meet, EVERY);
  document.addEventListener('visibilitychange', meet);
}
