// Events: the message, the day, the end and its outcome.
import { t } from '../../shell/common.js';
import { extensionOf, propertiesOf } from './extensions.js';
import { longField, namedOptions, section, selectField, textField, tickField } from './fields.js';
import { formulaField } from './formula.js';
import { RESULT_HELP } from './panel_operation.js';
import { timeLimit } from './panel_time.js';

/** The sections of an event. */
export function eventParts(place) {
  const { holder } = place;
  const definition = holder.eventDefinitions?.[0];
  const parts = [];
  if (holder.$type === 'bpmn:BoundaryEvent' && !/Error/.test(definition?.$type ?? '')) parts.push(interrupting(place));
  if (definition?.$type === 'bpmn:MessageEventDefinition') parts.push(message(place, definition));
  if (definition?.$type === 'bpmn:TimerEventDefinition') parts.push(timer(place, definition));
  for (const word of ['Error', 'Escalation', 'Signal']) if (definition?.$type === `bpmn:${word}EventDefinition`) parts.push(code(place, definition, word));
  if (holder.$type === 'bpmn:EndEvent') parts.push(outcome(place));
  return parts;
}

function interrupting({ element, holder, writer }) {
  return tickField(t('发生时中断所附的任务', 'Interrupts the task it stands on'), holder.cancelActivity !== false, (on) => writer.set(element, { cancelActivity: on }), t('不勾：任务继续办，另走一条路', 'Unticked: the task goes on, and a second way begins'));
}

/** The message that `definition` names: of an event its definition, of a receiving task the task itself. */
export function message(place, definition) {
  const { element, holder, writer, choices, urls } = place;
  const has = propertiesOf(holder);
  const choose = (name) => writer.setPart(element, definition, { messageRef: name ? writer.definition('bpmn:Message', name) : undefined });
  const catches = holder.$type !== 'bpmn:EndEvent' && holder.$type !== 'bpmn:IntermediateThrowEvent';
  const now = definition.messageRef?.name;
  const known = namedOptions([...choices.messages, ...(now && !choices.messages.some(({ id }) => id === now) ? [{ id: now, name: '' }] : [])]);
  return section(t('消息', 'Message'), [
    selectField(t('消息', 'Message'), definition.messageRef?.name, known, choose, { help: t('发出和接收的两处选同一个消息', 'Sender and receiver name the same message') }),
    textField(t('或新起一个消息名', 'or a new name'), '', (value) => value && choose(value), { longest: 80 }),
    catches && textField(t('收到的内容叫什么', 'Name of what it brings'), extensionOf(definition, 'MessageVariable')?.value, (value) => writer.setText(element, definition, 'MessageVariable', value), { list: 'panel-variables', help: RESULT_HELP }),
    !catches && formulaField(t('消息内容（公式）', 'What it brings (formula)'), extensionOf(definition, 'MessagePayload')?.value, (value) => writer.setText(element, definition, 'MessagePayload', value), { place: urls.formula(holder.id, 'payload'), help: t('随消息交给对方的内容', 'Handed to the receiver with the message') }),
    ['bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent', 'bpmn:ReceiveTask'].includes(holder.$type) && formulaField(t('等到条件成立（公式）', 'Caught as soon as (formula)'), has.barrier, (value) => writer.setProperties(element, holder, { barrier: value }), { place: urls.formula(holder.id, 'barrier'), help: t('例：下级办件都已评审', 'For example: every case below has been reviewed') }),
    has.barrier && tickField(t('有数据未知时继续等', 'Wait on where something is unknown'), has.unknown === 'default', (on) => writer.setProperties(element, holder, { unknown: on ? 'default' : '' }), t('不勾：条件所读的数据没有值时，办件停下，列为异常', 'Unticked: where the condition reads what is not known the case stops as an incident')),
  ].filter(Boolean), { key: 'message' });
}

function timer(place, definition) {
  const { element, holder, writer } = place;
  let kind = ['timeDate', 'timeDuration', 'timeCycle'].find((name) => definition[name]) ?? 'timeDate';
  const formula = () => definition[kind]?.body ?? '';
  const empty = { timeDate: undefined, timeDuration: undefined, timeCycle: undefined };
  const set = (value) => writer.setPart(element, definition, { ...empty, [kind]: value ? writer.expression(definition, value) : undefined });
  const kinds = [{ value: 'timeDate', label: t('到某一时刻', 'at an instant') }, { value: 'timeDuration', label: t('经过一段时间', 'after a duration') }];
  if (holder.cancelActivity === false || kind === 'timeCycle') kinds.push({ value: 'timeCycle', label: t('反复', 'again and again') });
  return section(t('时间', 'Time'), [
    selectField(t('计时方式', 'Kind'), kind, kinds, (as) => { const value = formula(); kind = as; set(value); }, { empty: null, help: t('到时自动往下走', 'It goes on by itself then') }),
    timeLimit(place, formula(), (value) => set(value), t('何时', 'When')),
  ], { key: 'timer' });
}

function code({ element, writer }, definition, word) {
  const reference = `${word.toLowerCase()}Ref`;
  const key = word === 'Signal' ? 'name' : `${word.toLowerCase()}Code`;
  const set = (value) => {
    const made = value ? writer.definition(`bpmn:${word}`, value) : undefined;
    if (made && word !== 'Signal') made[key] = value;
    writer.setPart(element, definition, { [reference]: made });
  };
  return section(word === 'Signal' ? t('信号', 'Signal') : t('代码', 'Code'), [textField(word === 'Signal' ? t('信号名', 'Name') : t('代码', 'Code'), definition[reference]?.[key], set, { help: t('发出和接住的两处写同一个', 'What throws and what catches name the same') })], { key: 'code' });
}

function outcome({ element, holder, writer }) {
  const has = propertiesOf(holder);
  const set = (name) => (value) => writer.setProperties(element, holder, { [name]: value });
  return section(t('结果', 'Outcome'), [
    textField(t('结果代码', 'Outcome'), has.outcome, set('outcome'), { help: t('写入办件，例如 accepted', 'Recorded in the case, such as accepted'), longest: 60 }),
    textField(t('结果名称', 'Its name'), has.outcome_name, set('outcome_name'), { help: t('办件页面和文书上写的', 'What case pages and letters say') }), textField(t('英文名称', 'Its name in English'), has.outcome_name_en, set('outcome_name_en')),
    longField(t('为什么到此结束', 'Why it ends here'), has.outcome_reason, set('outcome_reason'), { help: t('连同条文写给当事人看，花括号里是公式', 'With the article; braces hold formulas') }),
  ], { key: 'outcome' });
}
