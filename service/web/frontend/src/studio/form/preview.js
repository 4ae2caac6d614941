// The form as people will see it: the page the server draws, in a frame without a save; wide or as on a phone, in either language.
import { make, send, t } from '../../shell/common.js';
import { trusted } from '../../shell/trusted.js';
import './preview.css';

const PAUSE = 350;
const SIZES = { wide: 900, phone: 390 };

/** A preview in `parent`; `ask(language)` returns what to send. `onAnswer` gets {problem, made}. Returns {refresh()}. */
export function preview(parent, { url, ask, onAnswer = () => {}, size: first = '' }) {
  let size = first || (window.innerWidth < 700 ? 'phone' : 'wide');
  let language = document.documentElement.lang.startsWith('en') ? 'en' : 'zh';
  let timer = 0;
  let asked = 0;
  const frame = make('iframe', { title: t('填写人看到的页面', 'The page people see') });
  const room = make('div', { className: 'preview-room' }, frame);
  const note = make('p', { className: 'note note-late preview-note', hidden: true });
  note.setAttribute('role', 'status');
  const bar = make('div', { className: 'preview-bar' }, make('h2', { textContent: t('预览', 'Preview') }),
    pick([['wide', t('电脑', 'Desk')], ['phone', t('手机', 'Phone')]], () => size, (chosen) => { size = chosen; fit(); }),
    pick([['zh', '中文'], ['en', 'English']], () => language, (chosen) => { language = chosen; refresh(0); }));
  parent.replaceChildren(bar, note, room);

  function pick(choices, chosen, choose) {
    const buttons = choices.map(([value, words]) => {
      const button = make('button', { type: 'button', className: 'btn btn-small', textContent: words });
      button.setAttribute('aria-pressed', String(value === chosen()));
      button.addEventListener('click', () => { choose(value); buttons.forEach((one, index) => one.setAttribute('aria-pressed', String(choices[index][0] === value))); });
      return button;
    });
    return make('div', { className: 'preview-pick', role: 'group' }, ...buttons);
  }

  // The page is drawn at the width people have, and made smaller to fit.
  function fit() {
    const width = SIZES[size];
    const scale = Math.min(1, room.clientWidth / width);
    frame.style.width = `${width}px`;
    frame.style.height = `${Math.max(400, room.clientHeight) / scale}px`;
    frame.style.transform = scale < 1 ? `scale(${scale})` : '';
  }

  async function draw() {
    const mine = (asked += 1);
    try {
      const body = new Blob([JSON.stringify({ ...ask(), language })], { type: 'application/json' });
      const answer = await send(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
      if (mine !== asked) return;
      note.hidden = !answer.problem;
      if (answer.problem) note.textContent = answer.problem.message;
      if (answer.html) show(answer.html);
      onAnswer(answer);
    } catch (problem) {
      if (mine !== asked) return;
      note.hidden = false;
      note.textContent = t(`暂时不能预览：${problem.message}`, `No preview just now: ${problem.message}`);
    }
  }

  // The reader stays where they were looking.
  function show(html) {
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener('load', () => frame.contentWindow?.scrollTo(0, top), { once: true });
    frame.srcdoc = trusted(html);
  }

  function refresh(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(draw, pause);
  }

  window.addEventListener('online', () => refresh());
  new ResizeObserver(fit).observe(room);
  fit();
  refresh(0);
  return { refresh };
}
