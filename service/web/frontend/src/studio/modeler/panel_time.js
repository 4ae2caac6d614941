// A time limit as a formula, or put together by the builder where the formula is of that kind.
import { make, t } from '../../shell/common.js';
import { propertiesOf, wordsOf } from './extensions.js';
import { formulaField } from './formula.js';
import { periodBuilder, readPeriod } from './period.js';
import { tab } from '../../shell/remembered.js';

/** A field for a time limit; `change(formula)`. */
export function timeLimit({ element, holder, choices, urls, writer }, formula, change, label) {
  const built = !formula || readPeriod(formula);
  const box = make('div', {});
  const line = formulaField(label, formula, change, { place: urls.formula(holder.id, 'due'), help: t('例：workdays(5) 表示 5 个工作日', 'For example workdays(5)') });
  box.append(line);
  const cited = wordsOf(propertiesOf(holder).clauses);
  const cite = writer && !choices.slots.length ? (ids) => writer.setProperties(element, holder, { clauses: ids.join(' ') }) : null; // a shared diagram cites by slots
  const { periods: parameters, starts, clauses, today } = choices;
  const builder = make('details', { className: 'panel-builder' }, make('summary', { textContent: t('用选项拼出期限，并试算日期', 'Put it together and try a date') }));
  if (!built) builder.append(make('p', { className: 'panel-help', textContent: t('现在的公式比较特殊；在这里选择会替换它。', 'The present formula is a special one; choosing here replaces it.') }));
  builder.addEventListener('toggle', () => {
    tab.set('laurel-period', builder.open ? 'open' : '');
    if (builder.open && !builder.querySelector('.panel-period')) builder.append(periodBuilder(formula, { parameters, starts, clauses, cited, cite, datesUrl: urls.dates, today }, change));
  });
  builder.open = tab.get('laurel-period') === 'open';
  box.append(builder);
  return box;
}
