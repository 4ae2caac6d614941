// A spreadsheet comes back: what it changes is shown in words before it is taken.
import { make, send, t } from '../../shell/common.js';
import { names } from './panel.js';

const say = (both) => t(both.zh, both.en);

/** A button that takes a file for the table `opened`; `take(preview)` is called once the differences were accepted. */
export function importButton({ api, path, opened, take }) {
  const file = make('input', { type: 'file', accept: '.xlsx,.csv', hidden: true });
  const button = make('button', { type: 'button', className: 'btn', textContent: t('从 Excel 导入', 'Import from Excel') });
  button.addEventListener('click', () => file.click());
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    file.value = '';
    if (chosen) await preview({ api, path, opened, take }, chosen);
  });
  return make('span', {}, button, file);
}

async function preview({ api, path, opened, take }, chosen) {
  const dialog = make('dialog', { className: 'import-preview' });
  dialog.setAttribute('aria-label', t('导入前的比较', 'Before it is taken'));
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  const shut = make('button', { type: 'button', className: 'btn', textContent: t('关闭，不导入', 'Close, take nothing') });
  shut.addEventListener('click', () => dialog.close());
  const acts = make('div', { className: 'dialog-acts' }, shut);
  const body = make('div', {}, make('p', { className: 'loading', textContent: t('正在比较…', 'Comparing…') }));
  dialog.append(make('h2', { textContent: t(`导入“${chosen.name}”`, `Import “${chosen.name}”`) }), body, acts);
  dialog.showModal();
  try {
    const content = await asBase64(chosen);
    const found = await send(`${api}/table/spreadsheet`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ path, name: chosen.name, content }) });
    body.replaceChildren(...described(found, opened));
    if (!found.difference) return;
    const yes = make('button', { type: 'button', className: 'btn btn-main', textContent: t('采用这些修改', 'Take these changes') });
    yes.addEventListener('click', () => { dialog.close(); take(found); });
    acts.append(yes);
  } catch (problem) {
    body.replaceChildren(make('p', { className: 'note note-late', textContent: problem.message }));
  }
}

function described(found, { table, called }) {
  if (!found.difference) return [make('p', { textContent: t('表格与现在的决策表相同，没有要导入的内容。', 'The spreadsheet says what the table says: there is nothing to take.') })];
  const parts = [
    make('p', { textContent: t('与现在的表不同的：', 'What differs from the table:') }),
    make('ul', {}, ...linesOf(found.difference).map((line) => make('li', { textContent: line }))),
  ];
  if (found.faults.length) {
    parts.push(make('p', { className: 'note note-soon', textContent: t('有的格写得不对，采用以后请改正：', 'Some cells are wrong and must be corrected afterwards:') }), make('ul', {}, ...found.faults.map((one) => make('li', { textContent: say(one.message) }))));
  }
  if (found.problems.length) {
    parts.push(make('p', { className: 'note note-soon', textContent: t('检查规则还指出：', 'The rules of the check say besides:') }), make('ul', {}, ...found.problems.map((one) => make('li', { textContent: [one.place && say(one.place), say(one.message), say(one.remedy)].filter(Boolean).join(' ') }))));
  }
  for (const [row, files] of Object.entries(found.uses)) {
    const said = table.rows.find(({ id }) => id === row)?.description || row;
    parts.push(make('p', { className: 'note note-late', textContent: t(`将删去的行“${said}”被 ${files.length} 个文件引用：${names(files, called)}`, `The row “${said}”, which would go, is named by ${files.length} files: ${names(files, called)}`) }));
  }
  return parts;
}

/** What differs, a line for each: rows with their cells, then columns, the table and the order. */
function linesOf({ rows, records }) {
  const told = rows.flatMap((row) => {
    if (!row.left) return [t(`新增行“${row.name}”`, `New row “${row.name}”`)];
    if (!row.right) return [t(`删去行“${row.name}”`, `The row “${row.name}” goes`)];
    return row.cells.filter((cell) => cell.left !== cell.right).map((cell) => t(`“${row.name}”的“${cell.column}”：由“${cell.left ?? ''}”改为“${cell.right ?? ''}”`, `“${cell.column}” of “${row.name}”: “${cell.left ?? ''}” becomes “${cell.right ?? ''}”`));
  });
  const others = records.filter((one) => !one.in_row).map((one) => [`${say(CHANGES[one.change])} ${say(one.subject)}`, ...one.fields.map((field) => `${say(field.label)} ${field.left ?? ''} → ${field.right ?? ''}`)].join(t('，', ', ')));
  return [...told, ...others];
}
const CHANGES = { added: { zh: '新增', en: 'Added:' }, removed: { zh: '删去', en: 'Removed:' }, changed: { zh: '修改', en: 'Changed:' }, moved: { zh: '移动', en: 'Moved:' } };

const asBase64 = (file) => new Promise((done, fail) => {
  const reader = new FileReader();
  reader.addEventListener('load', () => done(String(reader.result).split(',')[1] ?? ''));
  reader.addEventListener('error', () => fail(new Error(t('文件读不出来，请重新选择', 'The file cannot be read: choose it again'))));
  reader.readAsDataURL(file);
});
