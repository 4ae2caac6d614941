// Clauses of what was pasted from another city: those of this city that ask for the same are proposed, and confirmed.
import { make, t } from '../../shell/common.js';
import { cite } from './clipboard.js';
import { button } from './fields.js';

const SHOWN = 5;
const LIKELY = 0.45;
const SAME_ARTICLE = 0.15;

/** How near two texts are, from 0 to 1: the pairs of neighbouring letters that both have. */
export function nearness(one, other) {
  const pairs = (text) => { const plain = text.replace(/[\s\p{P}]/gu, ''); return [...plain].slice(1).map((letter, at) => [...plain][at] + letter); };
  const [mine, theirs] = [pairs(one), pairs(other)];
  const left = [...theirs];
  const shared = mine.filter((pair) => { const at = left.indexOf(pair); if (at < 0) return false; left.splice(at, 1); return true; });
  return mine.length + theirs.length ? (2 * shared.length) / (mine.length + theirs.length) : 0;
}

/** The clauses most like `asked`, best first, as [score, clause]; the same article counts besides the words. */
export function proposals(asked, clauses) {
  const scored = clauses.map((clause) => [nearness(asked.summary, clause.summary) + (clause.article === asked.article ? SAME_ARTICLE : 0), clause]);
  return scored.filter(([score]) => score > SAME_ARTICLE).sort(([a], [b]) => b - a).slice(0, SHOWN);
}

/** Ask which clauses here stand for the foreign ones; resolves to {foreign id: own id}, without those left off. */
export function askRebinding(foreign, clauses) {
  return new Promise((resolve) => {
    const dialog = make('dialog', { className: 'studio-dialog' });
    dialog.setAttribute('aria-labelledby', 'rebind-title');
    const rows = foreign.map((asked) => row(asked, proposals(asked, clauses)));
    const done = (chosen) => { dialog.close(); dialog.remove(); resolve(chosen); };
    const picked = () => Object.fromEntries(rows.map(({ id, select }) => [id, select.value]).filter(([, value]) => value));
    dialog.append(
      make('h2', { id: 'rebind-title', textContent: t('粘贴的图形引用了别处的条款', 'What was pasted cites clauses of another place') }),
      make('p', { textContent: t('按条文次序和文字相近程度列出本地的条款，请逐条核对后确认；没有对应的选“不引用”。', 'The clauses here that come nearest by article and words are proposed: look at each, then confirm; leave off what has none.') }),
      ...rows.map(({ part }) => part),
      make('div', { className: 'dialog-acts' }, button(t('都不引用', 'Leave all off'), () => done({})), button(t('按选择引用', 'Cite as chosen'), () => done(picked()), 'btn-main')),
    );
    dialog.addEventListener('cancel', () => done({}));
    document.body.append(dialog);
    dialog.showModal();
  });
}

function row({ id, article, summary }, found) {
  const select = make('select', { id: `rebind-${id}` });
  const options = found.map(([score, clause]) => make('option', { value: clause.id, textContent: `${clause.article} ${clause.summary}`.slice(0, 80), selected: score >= LIKELY && clause === found[0][1] }));
  select.append(make('option', { value: '', textContent: t('不引用', 'Leave it off') }), ...options);
  const label = make('label', { htmlFor: select.id }, make('strong', { textContent: article || id }), ` ${summary}`);
  return { id, select, part: make('p', { className: 'field' }, label, select) };
}

/** Put own clauses where the foreign ones stood in the pasted elements, by `chosen` {foreign: own}. */
export function rebind(taken, chosen, writer) {
  for (const { element, foreign, before, known } of taken) {
    if (foreign.some((id) => chosen[id])) cite(element, before, (id) => (known.has(id) ? id : chosen[id] ?? ''), writer);
  }
}
