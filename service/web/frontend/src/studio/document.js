// The document editor: the text on the left, the pages as they are printed on the right, filled from the sample of the draft.
import { make, send, t } from '../shell/common.js';
import { openFile } from './draft/file.js';
import { focusIn, labelOf, valueOf } from './draft/focus.js';
import { chooseField } from './document/fields.js';
import { parts } from './document/parts.js';
import './form/form.css';
import './document/document.css';

const STEPS = 300;
const TOGETHER = 1200;
const PAUSE = 500;
const clone = (value) => JSON.parse(JSON.stringify(value));

async function edit(root) {
  const { draft, path, ident, about: aboutUrl, preview: previewUrl } = root.dataset;
  const place = (name) => root.querySelector(`[data-part="${name}"]`);
  const [about, file] = await Promise.all([send(aboutUrl), openFile({
    draft, path, status: place('status'), onTheirs: takeTheirs, pause: PAUSE, root, editor: 'documents/edit',
    textOf: async (kept) => { const left = JSON.parse(kept); return (await preview(left.opened, left.said)).text; },
    write: async () => (await ask(said)).text,
    snapshot: () => JSON.stringify({ opened, said }),
    complete: async ({ content, hash }) => ({ content, hash, said: (await preview(content, null)).said }),
  })]);
  const question = new URLSearchParams({ path, element: ident, field: 'text' });
  const words = `/api/v1/drafts/${draft}/words?${question}`;
  Object.assign(about, { words, check: `/api/v1/drafts/${draft}/formula?${question}` });
  let opened = file.content;
  let said = clone(about.said);
  let asked = 0;
  const done = [];
  const undone = [];
  let last = { what: null, at: 0 };

  // What is given up for it can be brought back by undoing.
  function takeTheirs(found) {
    done.push(JSON.stringify(said));
    undone.length = 0;
    opened = found.content;
    said = clone(found.said);
    const focus = focusIn(place('text'), labelOf, valueOf);
    draw();
    focus?.();
    ask(said).catch(() => {});
  }

  const act = {
    change(run, what = null) {
      const before = JSON.stringify(said);
      run();
      const now = Date.now();
      if (!what || what !== last.what || now - last.at > TOGETHER) done.push(before);
      if (done.length > STEPS) done.shift();
      undone.length = 0;
      last = { what, at: now };
      changed();
    },
    redraw: () => draw(),
    field: (box, before = 0) => chooseField(place('fields'), words, box, before),
  };

  function back(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(said));
    said = JSON.parse(from.pop());
    last = { what: null, at: 0 };
    changed();
    draw();
  }

  function changed() {
    buttons();
    file.saving.changed();
  }

  const preview = (text, wanted) => send(previewUrl, { method: 'POST', body: new Blob([JSON.stringify({ path, opened: text, said: wanted })], { type: 'application/json' }), headers: { 'Content-Type': 'application/json' } });

  // One question brings the file with what is written now, its faults, and its pages.
  async function ask(wanted) {
    const mine = (asked += 1);
    const answer = await preview(opened, wanted);
    if (mine === asked) {
      show(answer);
      root.querySelector('[data-part="pdf"] [name="content"]').value = answer.text;
    }
    return answer;
  }

  function show(answer) {
    const room = place('pages');
    const top = room.scrollTop;
    const cards = [...root.querySelectorAll('.paragraph')];
    const where = ({ line, formula }) => {
      const card = formula && cards.find((one) => one.holds?.(formula));
      if (card) return t(`第 ${card.number} 段：`, `Paragraph ${card.number}: `);
      return line ? t(`文件第 ${line} 行：`, `Line ${line} of the file: `) : '';
    };
    const told = answer.faults.map((one) => make('li', {}, where(one), one.message));
    if (answer.trouble) told.push(make('li', { textContent: answer.trouble }));
    const from = answer.instead ? t(`这些段落显示在文书“${answer.instead}”中；按${answer.from}填写`, `Shown within the document “${answer.instead}”, filled from ${answer.from}`) : t(`按${answer.from}填写`, `Filled from ${answer.from}`);
    room.replaceChildren(
      ...(told.length ? [make('div', { className: 'note note-late document-faults', role: 'status' }, make('ul', {}, ...told))] : []),
      make('p', { className: 'hint', textContent: from }),
      ...answer.pages.map((src, index) => make('img', { src, alt: t(`第 ${index + 1} 页`, `Page ${index + 1}`) })),
    );
    room.scrollTop = top;
    for (const card of cards) {
      const wrong = answer.faults.some((one) => one.formula && card.holds?.(one.formula));
      card.classList.toggle('faulty', wrong);
    }
  }

  function draw() {
    const focused = document.activeElement?.id;
    parts(place('text'), said, about, act);
    if (focused) document.getElementById(focused)?.focus();
    buttons();
  }

  function buttons() {
    root.querySelector('[data-act="undo"]').disabled = !done.length;
    root.querySelector('[data-act="redo"]').disabled = !undone.length;
  }

  root.querySelector('[data-act="undo"]').addEventListener('click', () => back(done, undone));
  root.querySelector('[data-act="redo"]').addEventListener('click', () => back(undone, done));
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(event.key.toLowerCase()) || event.target.closest('.cm-editor')) return;
    event.preventDefault();
    if (event.key.toLowerCase() === 'y' || event.shiftKey) back(undone, done);
    else back(done, undone);
  });
  place('text').inert = root.dataset.readonly === 'yes';
  draw();
  if (root.dataset.readonly === 'yes') file.leftBehind();
  const taken = root.dataset.readonly !== 'yes' && await file.restore(root, takeLeft, (content) => JSON.stringify(JSON.parse(content).said) === JSON.stringify(said));
  if (!taken) await ask(null).catch((problem) => place('pages').replaceChildren(make('p', { className: 'note note-late', textContent: t(`暂时不能预览：${problem.message}`, `No preview just now: ${problem.message}`) })));

  function takeLeft(content) {
    const left = JSON.parse(content);
    takeTheirs({ content: left.opened, said: left.said });
  }
}

for (const root of document.querySelectorAll('[data-document-editor]')) {
  edit(root).catch((problem) => {
    root.prepend(make('p', { className: 'note note-late', role: 'alert', textContent: t(`打不开这份文书：${problem.message}`, `The document cannot be opened: ${problem.message}`) }));
  });
}
