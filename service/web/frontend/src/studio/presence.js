// Who else has this draft open, and which file, and whether another version was published meanwhile: asked twice a minute.
import { make, send, t } from '../shell/common.js';

const EVERY = 30_000;
const box = document.querySelector('[data-presence]');
const here = new URLSearchParams(location.search).get('path') ?? '';

function sentence(others) {
  const same = others.filter((one) => here && one.path === here).map((one) => one.name);
  const elsewhere = others.filter((one) => !here || one.path !== here);
  const parts = [];
  if (same.length) parts.push(t(`${same.join('、')}也打开了这个文件，保存时会自动合并`, `${same.join(', ')} has this file open too: saves are merged`));
  for (const one of elsewhere) parts.push(one.path ? t(`${one.name}正在看${one.title}`, `${one.name} has ${one.title} open`) : t(`${one.name}也在这个草稿中`, `${one.name} is in this draft too`));
  return parts.join(t('；', '; '));
}

function toTakeIn({ published_by: by, published_at: at, withdrawn }) {
  const day = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Shanghai' });
  const words = withdrawn
    ? t(`这个草稿所依据的版本已经撤回，现行的又是${by}于${day}发布的版本。`, `The version that this draft rests on was withdrawn; the one published by ${by} on ${day} is in force again.`)
    : t(`${by}于${day}发布了新版本，这个草稿还没有它的改动。`, `${by} published a new version on ${day}; this draft does not have its changes yet.`);
  return make('p', { className: 'note note-soon' }, words, ' ', make('a', { href: box.dataset.compare, textContent: t('查看并并入', 'See and take in') }));
}

async function meet() {
  if (document.hidden) return;
  try {
    const { others, newer } = await send(box.dataset.presence, { method: 'POST', body: JSON.stringify({ path: here }), headers: { 'Content-Type': 'application/json' } });
    const said = sentence(others);
    box.replaceChildren(...(newer ? [toTakeIn(newer)] : []), ...(said ? [make('p', { className: 'note note-info', textContent: said })] : []));
  } catch { /* the network is gone: the editor says so, and this asks again */ }
}

// On a narrow screen the row of places is longer than the window: the one we are at is brought into it.
document.querySelector('.draft-places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

if (box) {
  meet();
  setInterval(meet, EVERY);
  document.addEventListener('visibilitychange', meet);
}
