// A service task: which operation, and its parameters with type and help.
import { make, t } from '../../shell/common.js';
import { extensionOf } from './extensions.js';
import { keyed, namedOptions, section, selectField, textField } from './fields.js';
import { formulaField } from './formula.js';

/** The kinds of values, as people call them. */
export const TYPES = { string: t('文字', 'text'), number: t('数字', 'number'), boolean: t('是否', 'yes or no'), date: t('日期', 'date'), 'date and time': t('时刻', 'instant'), list: t('列表', 'list'), context: t('一组值', 'context'), any: t('任意', 'any') };

/** What the name of a result is for. */
export const RESULT_HELP = t('后面的判断和公式用这个名称读取', 'Later conditions and formulas read it under this name');

/** The section of the operation. */
export function operation({ element, holder, writer, choices, urls }) {
  // Read at each change: another field may have written since the panel was drawn.
  const read = () => {
    const { id, resultVariable: result, parameterList } = extensionOf(holder, 'ServiceTaskOperator') ?? {};
    return { id, result, rows: parameterList?.parameters ?? [] };
  };
  const valuesOf = ({ rows }) => Object.fromEntries(rows.map(({ id, value }) => [id, value]));
  const now = read();
  const given = valuesOf(now);
  const called = choices.operations.find(({ id }) => id === now.id);
  const write = (change) => {
    const present = read();
    const { id, result, values } = { ...present, values: valuesOf(present), ...change(valuesOf(present)) };
    const known = choices.operations.find((one) => one.id === id)?.parameters ?? [];
    const typeOf = (name) => known.find((one) => one.name === name)?.type ?? present.rows.find((row) => row.id === name)?.type ?? 'any';
    writer.setOperation(element, holder, id, result, Object.entries(values).map(([name, value]) => ({ id: name, type: typeOf(name), value })));
  };
  const names = [...(called?.parameters ?? []).map(({ name }) => name), ...Object.keys(given).filter((name) => !called?.parameters.some((one) => one.name === name))];
  return section(t('自动办理', 'Automatic step'), [
    selectField(t('由系统做什么', 'What the program does'), now.id, namedOptions(choices.operations), (id) => write((values) => ({ id, values: kept(values, choices.operations, id) }))),
    ...names.map((name) => keyed(parameter(called, name, given[name], (value) => write((values) => ({ values: { ...values, [name]: value } })), { choices, place: urls.formula(holder.id, 'parameter') }), name)),
    now.id && textField(t('结果叫什么', 'Name of the result'), now.result, (result) => write(() => ({ result })), { list: 'panel-variables', help: [RESULT_HELP, resultHelp(called)].filter(Boolean).join(t('；', '; ')) }),
  ], { key: 'operation' });
}

/** Values whose parameter the other operation has too stay. */
function kept(given, operations, id) {
  const names = new Set((operations.find((one) => one.id === id)?.parameters ?? []).map(({ name }) => name));
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)));
}

function parameter(called, name, value, change, { choices, place }) {
  const known = called?.parameters.find((one) => one.name === name);
  const label = `${known?.label || name}${known?.required ? ' *' : ''} · ${TYPES[known?.type] ?? t('未知参数', 'unknown parameter')}`;
  const help = known ? [known.help, known.default && t(`不写时为 ${known.default}`, `${known.default} where not given`)].filter(Boolean).join(t('；', '; ')) : t('这个操作没有这个参数，请删去', 'The operation has no such parameter: remove it');
  const names = known?.names && choices[known.names];
  if (names && (!value || /^"[^"]*"$/.test(value))) return selectField(label, value, namedOptions(names, (id) => `"${id}"`), change, { help });
  return formulaField(label, value, change, { help, place });
}

const resultHelp = (called) => (called?.result.length ? t(`结果有：${called.result.join('、')}`, `It has: ${called.result.join(', ')}`) : '');

/** The names offered where a variable of the process is asked for. */
export const variableList = (names) => make('datalist', { id: 'panel-variables' }, ...names.map((value) => make('option', { value })));
