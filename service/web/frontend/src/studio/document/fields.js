// Inserting a field: what the record holds at the moment of issue, with what each means, found by typing.
import { make, t } from '../../shell/common.js';
import { wordsOf } from '../feel/words.js';

const MOST = 60;
const DEEPEST = 4;
const say = (both) => (both ? t(both.zh, both.en) : '');

/** Every value below the names, as {path, label}. */
function* values(names, above = '', label = '', depth = 0) {
  for (const one of names) {
    const path = above ? `${above}.${one.name}` : one.name;
    const words = [label, say(one.label)].filter(Boolean).join(' · ');
    if (one.entries?.length && depth < DEEPEST) yield* values(one.entries, path, words, depth + 1);
    else yield { path, label: words || say(one.kind) };
  }
}

/** Put a text into a text box between two places, and tell of the change. */
function put(box, text, start, end) {
  box.setRangeText(text, start, end, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}

/** Let a field be chosen in `dialog`, from the words at `url`; it is put into `box` at its cursor, over `before` characters. */
export async function chooseField(dialog, url, box, before = 0) {
  const { selectionStart: start, selectionEnd: end } = box;  // a browser that gives the focus back to a box may forget its cursor
  const search = make('input', { type: 'search', placeholder: t('按名称或含义查找，如 单位、文号、工作日', 'by name or meaning') });
  const list = make('ul', { className: 'field-list' });
  const from = make('p', { className: 'hint' });
  const close = make('button', { type: 'button', className: 'btn', textContent: t('不插入', 'Insert nothing') });
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(make('h2', { textContent: t('插入字段', 'Insert a field') }), search, from, list, close);
  dialog.showModal();
  let all = [];
  try {
    const words = await wordsOf(url);
    all = [...values(words.names)];
  } catch (problem) {
    from.textContent = problem.message;
  }
  const draw = () => {
    const parts = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter((one) => parts.every((part) => `${one.path} ${one.label}`.toLowerCase().includes(part)));
    list.replaceChildren(...found.slice(0, MOST).map((one) => {
      const button = make('button', { type: 'button', className: 'field-choice' }, make('strong', { textContent: one.label || one.path }), make('code', { textContent: `{${one.path}}` }));
      button.addEventListener('click', () => { dialog.close(); put(box, `{${one.path}}`, start - before, end); });
      return make('li', {}, button);
    }));
    if (!found.length) list.replaceChildren(make('li', { className: 'mute', textContent: t('没有相符的字段', 'No field fits') }));
    else if (found.length > MOST) list.append(make('li', { className: 'mute', textContent: t(`还有 ${found.length - MOST} 个，请再输入几个字`, `${found.length - MOST} more: type on`) }));
  };
  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); list.querySelector('button')?.click(); } });
  draw();
  search.focus();
}
