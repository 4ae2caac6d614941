// The form editor: its parts on the left, the page people will see in the middle, the settings of the chosen part on the right.
import { make, send, t } from '../shell/common.js';
import { openFile } from './draft/file.js';
import { focusIn, labelOf, valueOf } from './draft/focus.js';
import { knowSettings, nameOf, outline } from './form/outline.js';
import { isUnnamed, palette } from './form/palette.js';
import { preview } from './form/preview.js';
import { problems } from './form/problems.js';
import { readersOf, sheet } from './form/sheet.js';
import { at, drawn, insert, move, moveIn, moveOut, moveTo, pointer, remove, walk } from './form/tree.js';
import { asFile, inOrderOf } from './form/values.js';
import './form/form.css';

const STEPS = 300;
const TOGETHER = 1200;

async function edit(root) {
  const { draft, path, preview: previewUrl } = root.dataset;
  const place = (name) => root.querySelector(`[data-part="${name}"]`);
  const status = place('status');
  const about = JSON.parse(place('about').textContent);
  const file = await openFile({ draft, path, status, root, editor: 'forms/edit', write: () => text(), onTheirs: theirs, saved: () => wrong.refresh() });
  knowSettings(about.settings);
  const kinds = new Map(about.palette.kinds.map((kind) => [kind.type, t(kind.label.zh, kind.label.en)]));
  const state = { schema: JSON.parse(file.content), chosen: [], made: about.made, faulty: null };
  const opened = JSON.parse(file.content);
  const question = new URLSearchParams({ path, element: '', field: 'form' });
  Object.assign(about, { words: `/api/v1/drafts/${draft}/words?${question}`, check: `/api/v1/drafts/${draft}/formula?${question}` });
  for (const part of ['sheet', 'palette']) place(part).inert = root.dataset.readonly === 'yes';
  const undone = [];
  const done = [];
  let last = { what: null, at: 0 };
  let shownPart = null;

  // What is given up for it can be brought back by undoing.
  function theirs({ content }) {
    done.push(JSON.stringify([state.schema, state.chosen]));
    undone.length = 0;
    const { id } = at(state.schema, state.chosen) ?? {};
    const focus = focusIn(place('sheet'), labelOf, valueOf);
    state.schema = JSON.parse(content);
    if (at(state.schema, state.chosen)?.id !== id) state.chosen = [...walk(state.schema)].find((one) => id && one.component.id === id)?.place ?? [];
    draw();
    focus?.();
    shown.refresh();
  }

  const text = () => asFile(inOrderOf(opened, state.schema));
  const ask = () => ({ path, content: text() });

  /** Do something to the form as one step to undo; the same setting typed on is one step. */
  function step(run, what = null) {
    if (root.dataset.readonly === 'yes') return null;
    const before = JSON.stringify([state.schema, state.chosen]);
    const result = run();
    if (result === null) return null;
    const now = Date.now();
    if (!what || what !== last.what || now - last.at > TOGETHER) done.push(before);
    if (done.length > STEPS) done.shift();
    undone.length = 0;
    last = { what, at: now };
    changed();
    return result;
  }

  function changed() {
    file.saving.changed();
    shown.refresh();
    buttons();
  }

  function back(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify([state.schema, state.chosen]));
    [state.schema, state.chosen] = JSON.parse(from.pop());
    last = { what: null, at: 0 };
    changed();
    draw();
  }

  const act = {
    choose: (chosen) => { state.chosen = chosen; draw(); },
    change(run, what) {
      step(() => run(at(state.schema, state.chosen)), `${pointer(state.chosen)} ${what}`);
      list();
      place('sheet').querySelector('h2').textContent = nameOf(at(state.schema, state.chosen), state.chosen, state.made);
    },
    /** Call a new field after its label: nobody types Latin letters. What somebody named, or something reads, keeps its name. */
    async named(meaning) {
      const chosen = pointer(state.chosen);
      const component = at(state.schema, state.chosen);
      const held = component?.key;
      if (!meaning || !isUnnamed(held) || readersOf(state, about).length) return;
      const taken = [...walk(state.schema)].flatMap((one) => [one.component.key, one.component.path]).filter(Boolean);
      const asked = `/api/v1/drafts/${draft}/diagram/key?${new URLSearchParams({ meaning, taken: taken.join(' ') })}`;
      const { key } = await send(asked).catch((error) => {
        const told = t(`字段名没有起好，可以在这里自己写：${error.message}`, `The field has no name of its own yet; write one here: ${error.message}`);
        const box = pointer(state.chosen) === chosen && place('sheet').querySelector('[data-keyed]');
        if (box) box.append(make('p', { className: 'note note-soon', role: 'alert', textContent: told })); // the state of saving is told over anything else
        else status.textContent = told;
        return {};
      });
      if (!key) return;
      if (component.key !== held || ![...walk(state.schema)].some((one) => one.component === component)) return;
      step(() => { component.key = key; });
      const shownName = pointer(state.chosen) === chosen && place('sheet').querySelector('[data-keyed] input');
      if (shownName) shownName.value = key;
    },
    redraw: () => draw(),
    move: (by) => placed(() => move(state.schema, state.chosen, by)),
    moveIn: () => placed(() => moveIn(state.schema, state.chosen)),
    moveOut: () => placed(() => moveOut(state.schema, state.chosen)),
    moveTo: (from, to) => placed(() => moveTo(state.schema, from, to)),
    remove() {
      if (!state.chosen.length || root.dataset.readonly === 'yes') return;
      const names = [...new Set(readersOf(state, about).map((one) => one.name))];
      const told = names.slice(0, 6).map((name) => `“${name}”`).join(t('、', ', '));
      const sure = t(`${told}等 ${names.length} 处还在读取这一项，删除后那里的条件、公式或文书要另改。仍要删除吗？`, `It is still read by ${told}, ${names.length} in all: conditions, formulas or documents there must be changed then. Remove it all the same?`);
      if (names.length && !window.confirm(sure)) return; // eslint-disable-line no-alert
      placed(() => remove(state.schema, state.chosen));
    },
    add(component) {
      placed(() => insert(state.schema, state.chosen, component));
      const label = place('sheet').querySelector('input, textarea'); // what it is called is typed at once
      label?.focus();
      label?.select();
    },
    writeOut() {
      const made = state.made[pointer(state.chosen)];
      const sure = t('这一部分将成为本地自己的内容，以后范本改动时不再跟着变。确定吗？', 'This part becomes this place’s own and no longer follows the pattern. Go on?');
      if (!made || !window.confirm(sure)) return; // eslint-disable-line no-alert
      placed(() => {
        const pieces = structuredClone(Array.isArray(made) ? made : [made]);
        if (!state.chosen.length) [state.schema] = pieces;
        else at(state.schema, state.chosen.slice(0, -1)).splice(state.chosen.at(-1), 1, ...pieces);
        return state.chosen;
      });
    },
  };

  function placed(run) {
    const found = step(run);
    if (found === null) return;
    state.chosen = found;
    draw();
    place('outline').querySelector('[aria-current]')?.focus();
  }

  function list() {
    const active = place('outline').contains(document.activeElement);
    const { scrollTop } = place('outline');
    outline(place('outline'), state, kinds, act);
    place('outline').scrollTop = scrollTop;
    if (active) place('outline').querySelector('[aria-current]')?.focus();
  }

  function draw() {
    if (at(state.schema, state.chosen) === undefined) state.chosen = [];
    place('pattern')?.toggleAttribute('hidden', !state.schema.from_pattern);
    place('shared')?.toggleAttribute('hidden', Boolean(state.schema.from_pattern));
    list();
    const chosen = pointer(state.chosen);
    if (chosen !== shownPart) place('sheet').scrollTop = 0;
    shownPart = chosen;
    sheet(place('sheet'), state, about, act);
    buttons();
  }

  function buttons() {
    const can = { undo: done.length, redo: undone.length, up: state.chosen.length, down: state.chosen.length, in: state.chosen.length, out: state.chosen.length > 2, remove: state.chosen.length, add: !state.schema.from_pattern };
    for (const button of root.querySelectorAll('[data-act]')) button.disabled = root.dataset.readonly === 'yes' || !can[button.dataset.act];
  }

  const acts = { undo: () => back(done, undone), redo: () => back(undone, done), up: () => act.move(-1), down: () => act.move(1), in: act.moveIn, out: act.moveOut, remove: act.remove, add: () => palette(place('palette'), about, state.schema, act.add) };
  for (const button of root.querySelectorAll('[data-act]')) button.addEventListener('click', () => acts[button.dataset.act]());
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(event.key.toLowerCase()) || event.target.closest('.cm-editor')) return;
    event.preventDefault();
    acts[event.key.toLowerCase() === 'y' || event.shiftKey ? 'redo' : 'undo']();
  });

  const shown = preview(place('preview'), {
    url: previewUrl,
    ask,
    onAnswer(answer) {
      const moved = JSON.stringify(answer.made) !== JSON.stringify(state.made) || answer.problem?.component !== state.faulty;
      state.made = answer.made ?? state.made;
      state.faulty = answer.problem?.component ?? null;
      if (moved) list();
    },
  });
  const wrong = problems(place('problems'), {
    api: `/api/v1/drafts/${draft}`, path, state, editable: root.dataset.readonly !== 'yes', go: act.choose,
    change(part, run) {
      step(() => run(at(state.schema, part)));
      act.choose(part);
    },
  });
  wrong.refresh();
  const wanted = new URLSearchParams(window.location.search).get('element');
  const there = wanted && [...walk(state.schema)].find((one) => drawn(one.component, one.place, state.made)?.id === wanted);
  if (there) state.chosen = there.place;
  draw();
  if (root.dataset.readonly === 'yes') file.leftBehind();
  else await file.restore(root, (content) => theirs({ content }), (content) => content === text());
  root.dataset.ready = nameOf(state.schema, [], state.made) || 'yes';
}

for (const root of document.querySelectorAll('[data-form-editor]')) {
  edit(root).catch((problem) => {
    root.prepend(make('p', { className: 'note note-late', role: 'alert', textContent: t(`打不开这个表单：${problem.message}`, `The form cannot be opened: ${problem.message}`) }));
  });
}
