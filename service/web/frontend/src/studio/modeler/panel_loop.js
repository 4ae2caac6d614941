// Done once for every item of a list. While a diagram is open the list stands in the properties `loop_over`, `loop_into`.
import { t } from '../../shell/common.js';
import { propertiesOf } from './extensions.js';
import { section, selectField, textField, tickField } from './fields.js';
import { formulaField } from './formula.js';

/** The section of repetition. */
export function repetition({ element, holder, writer, urls }) {
  const loop = holder.loopCharacteristics;
  const has = propertiesOf(holder);
  const set = (name) => (value) => writer.setProperties(element, holder, { [name]: value });
  const kind = loop?.$type === 'bpmn:MultiInstanceLoopCharacteristics' ? (loop.isSequential ? 'sequential' : 'parallel') : '';
  const kinds = [{ value: 'parallel', label: t('对列表的每一项，同时进行', 'For every item, at once') }, { value: 'sequential', label: t('对列表的每一项，逐个进行', 'For every item, one after another') }];
  const parts = [selectField(t('重复', 'Repetition'), kind, kinds, (value) => repeat(writer, element, holder, value), { empty: t('只办一次', 'once') })];
  if (kind) {
    parts.push(
      formulaField(t('列表（公式）', 'List (formula)'), has.loop_over, set('loop_over'), { place: urls.formula(holder.id, 'loop') }),
      textField(t('当前项的变量名', 'Name of the item'), loop.inputDataItem?.id, (value) => item(writer, element, loop, 'inputDataItem', value)),
      textField(t('每一项的结果是哪个变量', 'Variable that each item results in'), loop.outputDataItem?.id, (value) => item(writer, element, loop, 'outputDataItem', value), { list: 'panel-variables' }),
      textField(t('结果收进的列表', 'List that the results go to'), has.loop_into, set('loop_into'), { list: 'panel-variables' }),
      formulaField(t('提前结束的条件（公式）', 'Ends early when (formula)'), loop.completionCondition?.body, (value) => writer.setPart(element, loop, { completionCondition: value ? writer.expression(loop, value) : undefined }), { place: urls.formula(holder.id, 'completion') }),
      tickField(t('列表可以为空（跳过）', 'The list may be empty (skipped)'), has.may_be_empty === 'yes', (on) => set('may_be_empty')(on ? 'yes' : '')),
    );
  }
  return section(t('重复', 'Repetition'), parts, { open: Boolean(kind), key: `loop-${kind ? 'on' : 'off'}` });
}

function repeat(writer, element, holder, kind) {
  if (!kind) {
    writer.setProperties(element, holder, { loop_over: '', loop_into: '', may_be_empty: '' });
    writer.set(element, { loopCharacteristics: undefined });
    return;
  }
  if (holder.loopCharacteristics?.$type === 'bpmn:MultiInstanceLoopCharacteristics') {
    writer.setPart(element, holder.loopCharacteristics, { isSequential: kind === 'sequential' });
    return;
  }
  const loop = writer.factory.create('bpmn:MultiInstanceLoopCharacteristics', { isSequential: kind === 'sequential' });
  loop.$parent = holder;
  writer.set(element, { loopCharacteristics: loop });
}

function item(writer, element, loop, name, value) {
  if (value && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(value)) return;
  const made = value ? Object.assign(writer.factory.create(name === 'inputDataItem' ? 'bpmn:DataInput' : 'bpmn:DataOutput', { id: value, name: value }), { $parent: loop }) : undefined;
  writer.setPart(element, loop, { [name]: made });
}
