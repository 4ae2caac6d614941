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
      formulaField(t('对哪些逐一办理（公式）', 'For each of (formula)'), has.loop_over, set('loop_over'), { place: urls.formula(holder.id, 'loop'), help: t('一份名单，例如全部申报；每一项各办一次', 'A list such as all applications; it is done once for each') }),
      textField(t('其中每一个叫什么', 'Name of each'), loop.inputDataItem?.id, (value) => item(writer, element, loop, 'inputDataItem', value), { help: t('办理中的公式用这个名称读取，例如 applicant', 'Formulas inside read it under this name, such as applicant') }),
      textField(t('每一个办完留下什么', 'What each one leaves'), loop.outputDataItem?.id, (value) => item(writer, element, loop, 'outputDataItem', value), { list: 'panel-variables', help: t('要收集的那一项结果的名称', 'The name of the result that is collected') }),
      textField(t('合起来叫什么', 'Name of them together'), has.loop_into, set('loop_into'), { list: 'panel-variables', help: t('各个结果合成的名单，后面的判断用这个名称读取', 'The list of all results, which later conditions read') }),
      formulaField(t('提前结束的条件（公式）', 'Ends early when (formula)'), loop.completionCondition?.body, (value) => writer.setPart(element, loop, { completionCondition: value ? writer.expression(loop, value) : undefined }), { place: urls.formula(holder.id, 'completion'), help: t('空着则全部办完才往下走', 'Empty: it goes on when all are done') }),
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
