// What one click does for a row that the check tells of, where there is only one remedy.
import { t } from '../../shell/common.js';

const TODAY = /\btoday\(\s*\)/gu;

/** The remedy of `rule` in the row at `row` of `model` as {label, apply}; undefined where somebody has to choose. */
export function remedyOf(rule, model, row) {
  const place = model.sheet.outputs.findIndex(({ name }) => name === 'met');
  const said = model.sheet.rows[row].outputs[place] ?? '';
  if (rule !== 'counted_to_today' || said.search(TODAY) < 0) return undefined;
  return { label: t('算到申报之日', 'Count to the day of application'), apply: () => { model.pause(); model.setCell(row, 'outputs', place, said.replace(TODAY, 'reference_date')); } };
}
