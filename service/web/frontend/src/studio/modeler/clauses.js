// The clauses that an element carries out: chips, and a search over the register by number, article and words.
import { make, t } from '../../shell/common.js';
import { clauseLink } from '../draft/clause_link.js';
import { button, field } from './fields.js';
import './clauses.css';

const SHOWN = 12;

/** Return a picker of clauses ({id, article, summary}): `read()` gives the ids that are chosen now, `change(ids)` is told of the new list. */
export function clauseField(label, read, clauses, change, help) {
  const known = new Map(clauses.map((clause) => [clause.id, clause]));
  const box = make('div', { className: 'panel-clauses' });
  const list = make('ul', { className: 'chips' });
  const found = make('ul', { className: 'clause-hits', hidden: true });
  const search = make('input', { type: 'search', placeholder: t('按条号或文字查找条款', 'Find by article or words'), autocomplete: 'off' });
  const add = (ids) => change([...new Set([...read(), ...ids])]);
  list.append(...read().map((id) => chip(id, known.get(id), () => change(read().filter((other) => other !== id)))));
  /** Several numbers, pasted, are taken at once; of other words the first clause that is found. */
  const take = (words) => {
    if (words.length > 1 && words.every((word) => known.has(word))) add(words);
    else found.querySelector('button')?.click();
  };
  search.addEventListener('input', () => {
    const hits = search.value.trim() ? matching(clauses, search.value).filter(({ id }) => !read().includes(id)) : [];
    found.replaceChildren(...hits.slice(0, SHOWN).map((clause) => hit(clause, () => add([clause.id]))));
    if (search.value.trim() && !hits.length) found.append(make('li', { className: 'mute', textContent: t('没有这样的条款', 'No such clause') }));
    found.hidden = !found.childElementCount;
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing) take(search.value.split(/[\s,，、]+/).filter(Boolean));
    if (event.key === 'ArrowDown') found.querySelector('button')?.focus();
  });
  box.append(field(label, search, help), found, list);
  return box;
}

function chip(id, clause, remove) {
  const item = make('li', { className: 'chip', title: clause?.summary ?? t('条款登记中没有这一条', 'The register has no such clause') });
  const linked = clause && !id.startsWith('slot:');
  item.append(linked ? clauseLink(id, clause.article) : make('span', { textContent: clause ? clause.article : id }), ' ', make('small', { textContent: clause ? id : t('（没有登记）', '(not registered)') }));
  if (!clause) item.classList.add('is-unknown');
  const cross = button('×', remove, 'btn-quiet');
  cross.setAttribute('aria-label', t(`去掉 ${clause?.article ?? id}`, `Remove ${clause?.article ?? id}`));
  item.append(cross);
  return item;
}

function hit(clause, choose) {
  const item = make('li');
  const pick = make('button', { type: 'button', className: 'clause-hit' }, make('strong', { textContent: clause.article }), ` ${clause.summary} `, make('small', { textContent: clause.id }));
  pick.addEventListener('click', choose);
  item.append(pick);
  return item;
}

/** The clauses that hold every word of `query` in number, article or summary; “13条” finds 第十三条. */
export function matching(clauses, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).map((word) => word.replace(/^第?(\d+)条?$/, (_, number) => `第${inChinese(Number(number))}条`));
  return clauses.filter(({ id, article, summary }) => words.every((word) => `${id} ${article} ${summary}`.toLowerCase().includes(word)));
}

function inChinese(number) {
  const digits = '零一二三四五六七八九';
  if (number < 10) return digits[number];
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  return number < 100 ? `${tens > 1 ? digits[tens] : ''}十${ones ? digits[ones] : ''}` : String(number);
}
