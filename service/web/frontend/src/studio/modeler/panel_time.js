// A time limit as a formula, or put together by the builder where the formula is of that kind.
import { make, t } from '../../shell/common.js';
import { propertiesOf, wordsOf } from './extensions.js';
import { selectField } from './fields.js';
import { formulaField } from './formula.js';
import { periodBuilder, readPeriod } from './period.js';
import { tab } from '../../shell/remembered.js';

/** A field for a time limit; `change(formula)`. */
export function timeLimit({ element, holder, choices, urls, writer }, formula, change, label) {
  const until = choices.ends.find(({ id }) => id === spaced(formula)) ?? choices.ends.find(({ id }) => bare(id) === spaced(formula));
  const built = !formula || readPeriod(formula) || until;
  const box = make('div', {});
  const line = formulaField(label, formula, change, { place: urls.formula(holder.id, 'due'), help: t('例：workdays(5) 表示 5 个工作日', 'For example workdays(5)') });
  box.append(line);
  if (choices.ends.length) {
    const options = choices.ends.map(({ id, name }) => ({ value: id, label: name }));
    box.append(selectField(t('等到', 'Until'), until?.id ?? '', options, change, { empty: t('（另行计算）', '(counted otherwise)'), help: t('例：“发布公示”的公示期满。公示期延长、更正或者因日历变动时，随公示走', 'Such as the end of a notice: it moves when the notice is extended or corrected, or the calendar changes') }));
  }
  const cited = () => wordsOf(propertiesOf(holder).clauses);
  const cite = writer && !choices.slots.length ? (ids) => writer.setProperties(element, holder, { clauses: ids.join(' ') }) : null; // a shared diagram cites by slots
  const { periods: parameters, starts, clauses, today } = choices;
  const builder = make('details', { className: 'panel-builder' }, make('summary', { textContent: t('用选项拼出期限，并试算日期', 'Put it together and try a date') }));
  if (!built) builder.append(make('p', { className: 'panel-help', textContent: t('现在的公式比较特殊；采用这里拼出的期限会替换它。', 'The present formula is a special one; using what is put together here replaces it.') }));
  builder.addEventListener('toggle', () => {
    tab.set('laurel-period', builder.open ? 'open' : '');
    if (builder.open && !builder.querySelector('.panel-period')) builder.append(periodBuilder(formula, { element: holder.id, parameters, starts, clauses, cited, cite, datesUrl: urls.dates, today }, change));
  });
  builder.open = tab.get('laurel-period') === 'open';
  box.append(builder);
  return box;
}

const spaced = (formula) => (formula ?? '').trim().replace(/\s+/gu, ' ');
const bare = (id) => /\((.+)\)$/u.exec(id)?.[1]; // an instant is read as it stands, too: posted.ends_at
