// The text of a document as boxes to write in: its head, its paragraphs, what is attached, its foot.
import { make, t } from '../../shell/common.js';
import { entry } from '../form/entries.js';

const NONE = { zh: '', en: '' };
const HEAD = [['title', '标题', 'Title'], ['number', '文号', 'Number'], ['addressee', '主送', 'To']];
const FOOT = [['signature', '署名', 'Signed'], ['head', '发文机关标志', 'Issuing authority'], ['signer', '签发人', 'Signed off by']];
const LISTS = [['copies', '抄送', 'Copies to'], ['note', '附注', 'Note']];
let count = 0;

const clone = (value) => JSON.parse(JSON.stringify(value));

/** Draw the boxes into `parent`; `act` has change(run, what), redraw(), field(box). */
export function parts(parent, said, about, act) {
  parent.replaceChildren(
    make('fieldset', {}, make('legend', { textContent: t('抬头', 'Head') }), ...HEAD.map(([key, zh, en]) => box(said, key, t(zh, en), act)), layoutOf(said, about, act)),
    paragraphs(said, 'paragraphs', t('正文', 'Text'), about, act),
    attachments(said, about, act),
    make('fieldset', {}, make('legend', { textContent: t('落款', 'Foot') }), ...FOOT.map(([key, zh, en]) => box(said, key, t(zh, en), act)), ...LISTS.map(([key, zh, en]) => lines(said, key, t(zh, en), act))),
    make('fieldset', {}, make('legend', { textContent: t('依据', 'Basis') }), entry({ place: 'clauses', entry: 'clauses', label: { zh: '依据条款', en: 'Clauses' }, help: NONE }, (said.clauses ?? []).join(','), (text) => act.change(() => set(said, 'clauses', text?.split(',')), 'clauses'), about)),
  );
}

function set(holder, key, value) {
  if (value === undefined || value === '') delete holder[key];
  else holder[key] = value;
}

/** A text with fields in braces; a brace that is opened offers the fields. */
function writing(value, label, change, act, { field = true } = {}) {
  const area = make('textarea', { value, rows: 1, id: `text-${(count += 1)}`, spellcheck: false });
  const grow = () => { area.style.blockSize = 'auto'; area.style.blockSize = `${area.scrollHeight + 2}px`; };
  area.addEventListener('input', (event) => {
    grow();
    change(area.value);
    if (field && event.data === '{') act.field(area, 1);
  });
  requestAnimationFrame(grow);
  const acts = [];
  if (field) {
    const insert = make('button', { type: 'button', className: 'btn btn-small', textContent: t('插入字段', 'Insert a field'), ariaLabel: t(`在“${label}”中插入字段`, `Insert a field into “${label}”`) });
    insert.addEventListener('click', () => act.field(area));
    acts.push(insert);
  }
  return make('div', { className: 'setting writing' }, make('label', { htmlFor: area.id, textContent: label }), area, ...acts);
}

const box = (said, key, label, act) => writing(said[key] ?? '', label, (text) => act.change(() => set(said, key, text), key), act);

function lines(said, key, label, act) {
  return writing((said[key] ?? []).join('\n'), t(`${label}（一行一项）`, `${label} (one a line)`), (text) => act.change(() => set(said, key, text.trim() ? text.split('\n').filter((one) => one.trim()) : undefined), key), act);
}

function layoutOf(said, about, act) {
  const names = { official: t('公文（GB/T 9704）', 'Official letter (GB/T 9704)'), certificate: t('证书', 'Certificate') };
  const setting = { place: 'layout', entry: 'choice', label: { zh: '版式', en: 'Layout' }, help: NONE, choices: about.layouts.map((one) => [one, { zh: names[one] ?? one, en: names[one] ?? one }]) };
  return entry(setting, said.layout ?? 'official', (value) => act.change(() => set(said, 'layout', value === 'official' ? undefined : value), 'layout'), about);
}

/** The paragraphs under `key`, each with what may be done to it. */
function paragraphs(holder, key, title, about, act) {
  const list = () => { holder[key] ??= []; return holder[key]; };
  const field = make('fieldset', { className: 'paragraphs' }, make('legend', { textContent: title }));
  field.append(...(holder[key] ?? []).map((one, index) => paragraph(list, index, about, act)));
  const adding = [
    [t('添加段落', 'Add a paragraph'), ''],
    [t('引用别的文书的段落', 'Paragraphs of another document'), { include: about.documents[0]?.[0] ?? '' }],
    [t('逐项列出', 'One for each of a list'), { each: 'case.list', as: 'item', text: '{index}．{item.name}' }],
    [t('表格', 'A table'), { each: 'case.list', as: 'item', columns: [{ title: t('序号', 'No.'), text: '{index}' }, { title: t('名称', 'Name'), text: '{item.name}' }] }],
  ].map(([words, fresh]) => {
    const button = make('button', { type: 'button', className: 'btn btn-small', textContent: words });
    button.addEventListener('click', () => { act.change(() => list().push(clone(fresh))); act.redraw(); });
    return button;
  });
  field.append(make('div', { className: 'adding' }, ...adding));
  return field;
}

function paragraph(list, index, about, act) {
  const one = list()[index];
  const number = index + 1;
  const does = (words, title, run, off = false) => {
    const button = make('button', { type: 'button', className: 'btn btn-small', textContent: words, title, ariaLabel: t(`第 ${number} 段${title}`, `Paragraph ${number}: ${title}`), disabled: off });
    button.addEventListener('click', () => { act.change(run); act.redraw(); });
    return button;
  };
  const acts = make('div', { className: 'paragraph-acts' },
    does('↑', t('上移', 'up'), () => list().splice(index - 1, 0, ...list().splice(index, 1)), index === 0),
    does('↓', t('下移', 'down'), () => list().splice(index + 1, 0, ...list().splice(index, 1)), index === list().length - 1),
    does('×', t('删除', 'remove'), () => list().splice(index, 1)));
  const card = make('div', { className: 'paragraph' }, acts, ...content(list, index, one, number, about, act));
  card.number = number;
  card.holds = (formula) => JSON.stringify(list()[index] ?? '').includes(JSON.stringify(formula).slice(1, -1));
  return card;
}

function content(list, index, one, number, about, act) {
  const what = `paragraph ${index}`;
  if (typeof one !== 'object' || one === null) return [writing(String(one ?? ''), t(`第 ${number} 段`, `Paragraph ${number}`), (text) => act.change(() => { list()[index] = text; }, what), act)];
  const change = (key) => (value) => act.change(() => { one[key] = value ?? ''; }, `${what} ${key}`);
  if ('include' in one) {
    const setting = { place: 'include', entry: 'choice', label: { zh: '引用这份文书的段落', en: 'Paragraphs of' }, help: NONE, choices: about.documents.map(([ident, title]) => [ident, { zh: title ? `${title}（${ident}）` : ident, en: title ? `${title} (${ident})` : ident }]) };
    return [entry(setting, one.include, change('include'), about)];
  }
  const each = { place: 'each', entry: 'plain_formula', label: { zh: '逐项列出的名单（公式）', en: 'For each of (formula)' }, help: NONE };
  const as = { place: 'as', entry: 'name', label: { zh: '每一项叫作', en: 'Each is called' }, help: NONE };
  const head = [entry(each, one.each, change('each'), about)];
  if (!('columns' in one)) return [...head, entry(as, one.as ?? 'item', change('as'), about), writing(one.text ?? '', t('每一项的文字', 'The text of each'), change('text'), act)];
  if (!Array.isArray(one.columns)) return [...head, entry({ ...each, place: 'columns', label: { zh: '各列标题（公式）', en: 'Headings (formula)' } }, one.columns, change('columns'), about)];
  return [...head, entry(as, one.as ?? 'item', change('as'), about), columns(one, what, act)];
}

function columns(one, what, act) {
  const field = make('div', { className: 'document-columns' }, make('span', { className: 'setting-name', textContent: t('各列', 'Columns') }));
  one.columns.forEach((column, index) => {
    const title = make('input', { type: 'text', value: column.title ?? '', ariaLabel: t(`第 ${index + 1} 列标题`, `Heading of column ${index + 1}`) });
    title.addEventListener('input', () => act.change(() => { column.title = title.value; }, `${what} title ${index}`));
    const away = make('button', { type: 'button', className: 'btn btn-small', textContent: '×', ariaLabel: t(`删除第 ${index + 1} 列`, `Remove column ${index + 1}`), disabled: one.columns.length < 2 });
    away.addEventListener('click', () => { act.change(() => one.columns.splice(index, 1)); act.redraw(); });
    field.append(make('div', { className: 'document-column' }, title, writing(column.text ?? '', t('内容', 'Text'), (text) => act.change(() => { column.text = text; }, `${what} cell ${index}`), act), away));
  });
  const add = make('button', { type: 'button', className: 'btn btn-small', textContent: t('添加一列', 'Add a column') });
  add.addEventListener('click', () => { act.change(() => one.columns.push({ title: t('新列', 'New column'), text: '{index}' })); act.redraw(); });
  field.append(add);
  return field;
}

const KINDS = [['form', '空白表单', 'A blank form'], ['document', '先前制发的文书', 'A document issued before'], ['files', '材料目录（公式）', 'A list of files (formula)']];

/** What is attached: each with a name and one content. */
function attachments(said, about, act) {
  const field = make('fieldset', {}, make('legend', { textContent: t('附件', 'Attached') }));
  (said.attachments ?? []).forEach((one, index) => {
    const what = `attachment ${index}`;
    const change = (key) => (value) => act.change(() => { one[key] = value ?? ''; }, `${what} ${key}`);
    const away = make('button', { type: 'button', className: 'btn btn-small', textContent: t('删除附件', 'Remove'), ariaLabel: t(`删除附件 ${index + 1}`, `Remove attachment ${index + 1}`) });
    away.addEventListener('click', () => { act.change(() => { said.attachments.splice(index, 1); if (!said.attachments.length) delete said.attachments; }); act.redraw(); });
    const card = make('div', { className: 'paragraph' }, writing(one.name ?? '', t(`附件 ${index + 1} 名称`, `Attachment ${index + 1}`), change('name'), act));
    const options = { form: about.forms.map((ident) => [ident, { zh: ident, en: ident }]), document: about.documents.map(([ident, title]) => [ident, { zh: title || ident, en: title || ident }]) };
    for (const [key, zh, en] of KINDS) {
      if (key in one) card.append(entry({ place: key, entry: options[key] ? 'choice' : 'plain_formula', label: { zh, en }, help: NONE, choices: options[key] }, one[key], change(key), about));
    }
    if ('paragraphs' in one) card.append(paragraphs(one, 'paragraphs', t('附件正文', 'Its text'), about, act));
    card.append(away);
    field.append(card);
  });
  const adding = make('div', { className: 'adding' });
  for (const [key, zh, en] of KINDS) {
    const fresh = { form: about.forms[0] ?? '', document: about.documents[0]?.[0] ?? '', files: '[{case: case.id, name: subject.name}]' }[key];
    const add = make('button', { type: 'button', className: 'btn btn-small', textContent: t(`添加附件：${zh}`, `Attach: ${en}`) });
    add.addEventListener('click', () => { act.change(() => { (said.attachments ??= []).push({ name: t('附件', 'Attachment'), [key]: fresh }); }); act.redraw(); });
    adding.append(add);
  }
  field.append(adding);
  return field;
}
