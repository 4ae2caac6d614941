// The process as a whole, and lanes.
import { make, t } from '../../shell/common.js';
import { propertiesOf } from './extensions.js';
import { longField, section, selectField, textField } from './fields.js';
import { dataList } from './panel_data.js';
import { clausesOf } from './panel_common.js';

/** The sections of the process; `element` may be its pool or the canvas. */
export function processParts(place) {
  const { element, holder, writer, choices } = place;
  const pool = holder.$type === 'bpmn:Collaboration' ? place.modeler.get('elementRegistry').find((one) => one.type === 'bpmn:Participant') : element;
  const process = holder.processRef ?? pool?.businessObject.processRef ?? holder;
  const at = { ...place, element: pool ?? element, holder: process };
  const has = propertiesOf(process);
  const set = (name) => (value) => writer.setProperties(at.element, process, { [name]: value });
  return [
    make('p', { className: 'panel-help', textContent: t('点图上的任务、连线、事件，就在这里填写。', 'Choose a task, a flow or an event to fill it in here.') }),
    textField(t('流程名称', 'Name of the process'), process.name, (value) => writer.setPart(at.element, process, { name: value || undefined })),
    section(t('流程中用到的数据', 'Data of the procedure'), [
      /\$\{/.test(has.variables) ? null : dataList(at),
      section(t('一次写多项', 'Several at once, as text'), [
        longField(t('数据的名称和类型', 'Names and kinds'), has.variables, set('variables'), { help: t('用逗号分开；类型有 string（文字）、number（数字）、boolean（是否）、date（日期）、list（列表）、context（一组值）。例：decision: string, notice: context', 'With commas between; kinds are string, number, boolean, date, list, context. For example decision: string, notice: context'), rows: 3 }),
        textField(t('办完后交回上级流程的数据', 'Handed back when it is done'), has.outputs, set('outputs'), { help: t('写名称，用逗号或空格分开', 'Names, with commas or blanks between') }),
        textField(t('上级流程可以不给的数据', 'What a caller may leave out'), has.optional, set('optional'), { help: t('没有写在这里的，缺了会报错', 'What is not named here must be given') }),
      ], { key: 'variables-text', open: /\$\{/.test(has.variables) }),
    ], { key: 'variables' }),
    section(t('条款', 'Clauses'), [clausesOf({ ...at, choices: { ...choices, slots: [] } })], { key: 'clauses' }),
    choices.shared ? section(t('由各地填写的条款', 'Clauses that each place gives'), [textField(t('由各地填写条款之处', 'Names for them'), has.slots, set('slots'), { help: t('给每一处起个名称，用空格分开；各地调用时填上自己的条款', 'A name for each, with blanks between; every place that calls it gives its own clauses') })], { key: 'slots' }) : null,
  ].filter(Boolean);
}

/** The section of a lane: whose steps stand in it. */
export function laneParts({ element, holder, writer, choices }) {
  const names = [...new Set(choices.roles.map(({ name }) => name))].map((name) => ({ value: name, label: name }));
  return [
    selectField(t('谁的泳道', 'Whose lane'), holder.name, [...names, { value: '系统', label: t('系统（自动办理）', 'the program') }], (value) => writer.set(element, { name: value || undefined })),
    make('p', { className: 'panel-help', textContent: t('任务放在办理人的泳道里；系统自动办理的放在“系统”。整理版面会按角色重新安放。', 'A task stands in the lane of who acts; tidy up places them by role.') }),
  ];
}
