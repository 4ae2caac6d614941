// The editor of a decision table: a grid, the cell at hand in our formula field below it, and what is wrong beside it.
import { make, send, t } from '../shell/common.js';
import { focusIn, labelOf } from './draft/focus.js';
import { problemList } from './draft/problems.js';
import { forgetWords } from './feel/words.js';
import { Grid } from './table/grid.js';
import { Model } from './table/model.js';
import { names, Panel } from './table/panel.js';
import { leftBehind, savedTable } from './table/saving.js';
import { Faults } from './table/faults.js';
import './table/table.css';

const root = document.querySelector('[data-table-editor]');
if (root) open(root);

async function open({ dataset }) {
  const api = `/api/v1/drafts/${dataset.draft}`;
  const editable = dataset.editable === 'yes';
  let opened;
  try {
    opened = await send(`${api}/table?path=${encodeURIComponent(dataset.path)}`);
  } catch (problem) {
    root.prepend(make('p', { className: 'note note-late', role: 'alert', textContent: problem.message }));
    return;
  }
  const bar = make('div', { className: 'cluster table-bar' });
  const model = new Model(opened.table, () => changed());
  const wide = make('div', { className: 'sheet-area' });
  const side = make('div', { className: 'sheet-side' });
  root.replaceChildren(bar, side, wide);
  const urls = (element, field) => {
    const place = new URLSearchParams({ path: dataset.path, element, field });
    return { words: `${api}/words?path=${encodeURIComponent(dataset.path)}&element=&field=cell`, check: `${api}/formula?${place}` };
  };
  const grid = new Grid(wide, model, { choices: opened.choices, editable }, (place) => { panel.open(place); grid.clear(panel.box.offsetHeight); });
  const panel = new Panel(wide, { model, opened, editable, urls, back: () => grid.focus(), remove: (row, uses) => remove(row, uses) });
  const wrong = rules(side);
  const faults = new Faults(side, { api, path: dataset.path, model, found: (answer) => grid.mark(answer), show: (row, column) => grid.show(row, column) });
  const shown = (answer) => { opened.uses = answer.uses; opened.called = answer.called; forgetWords(); grid.draw(); faults.soon(); wrong.refresh(); };
  const { saving, removed, restore } = editable ? savedTable(bar, { root, api, draft: dataset.draft, path: dataset.path, hash: opened.hash, model, saved: shown, taken }) : {};
  if (!editable) leftBehind(root, { draft: dataset.draft, path: dataset.path });
  if (editable) buttons();
  grid.draw();
  wrong.refresh();
  await restore?.(root, () => { panel.close(); grid.draw(); faults.soon(); });
  document.documentElement.dataset.tableEditor = 'ready';

  // What was at hand is found by its ids: others may have moved it, and one must not go on typing in another row.
  function taken(found, before) {
    const at = panel.at && model.found(before, panel.at);
    const focus = at && focusIn(panel.box, labelOf);
    panel.close();
    shown(found);
    if (at) panel.open(at);
    focus?.();
  }

  function changed() {
    grid.draw();
    if (panel.at && !panel.box.contains(document.activeElement)) panel.open({ ...panel.at, enter: false });
    faults.soon();
    saving?.changed();
  }

  // What the check says of the table as it was saved, by the row that it is about; what is told as one types is left out.
  function rules(parent) {
    const box = make('section', { className: 'file-problems', hidden: true });
    box.setAttribute('role', 'status');
    box.setAttribute('aria-label', t('问题', 'Problems'));
    parent.append(box);
    const told = dataset.told.split(' ');
    const about = ({ element, rule }) => {
      const row = model.sheet.rows.findIndex((one) => one.id === element);
      return row < 0 ? {} : { place: t(`第 ${row + 1} 行`, `Row ${row + 1}`), go: () => grid.show(element, '') };
    };
    return problemList(box, { api, path: dataset.path, about, left: ({ rule }) => told.includes(rule) });
  }

  function buttons() {
    const button = (label, act) => {
      const made = make('button', { type: 'button', className: 'btn', textContent: label });
      made.addEventListener('click', act);
      return made;
    };
    bar.prepend(
      button(t('添加一行', 'Add a row'), () => { model.addRow(model.sheet.rows.length); panel.open({ row: model.sheet.rows.length - 1, column: -1, enter: true }); }),
      button(t('整张表的设置', 'Settings of the table'), () => panel.open({ row: -1, column: -1, enter: true })),
      button(t('撤销', 'Undo'), () => step('undo')), button(t('重做', 'Redo'), () => step('redo')),
    );
    root.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.target.closest('.cm-editor, input, textarea')) return;
      if (event.key === 'z' && !event.shiftKey) step('undo');
      else if (event.key === 'y' || (event.key === 'z' && event.shiftKey)) step('redo');
      else return;
      event.preventDefault();
    });
  }

  function step(which) {
    panel.close();
    model[which]();
  }

  function remove(row, uses) {
    const line = model.sheet.rows[row];
    const words = line.description || line.id || t(`第 ${row + 1} 行`, `row ${row + 1}`);
    const go = () => { if (line.was) removed.add(line.was); panel.close(); model.removeRow(row); grid.focus(); };
    if (!uses.length) { go(); return; }
    const dialog = make('dialog');
    const button = (label, kind, act) => {
      const made = make('button', { type: 'button', className: `btn ${kind}`, textContent: label });
      made.addEventListener('click', () => { dialog.close(); act?.(); });
      return made;
    };
    dialog.append(
      make('h2', { textContent: t(`删除“${words}”？`, `Delete “${words}”?`) }),
      make('p', { textContent: t(`${uses.length} 个文件引用这一行：${names(uses, opened.called)}。删除后，它们引用的内容不再产生，相应的情景会失败。`, `${uses.length} files name this row: ${names(uses, opened.called)}. What they name will not come about any more, and those scenarios fail.`) }),
      make('div', { className: 'dialog-acts' }, button(t('保留', 'Keep it'), ''), button(t('仍要删除', 'Delete it'), 'btn-danger', go)),
    );
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}
