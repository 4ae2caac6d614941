// What every node of a diagram has: a name, an id, the clauses it carries out.
import { t } from '../../shell/common.js';
import { clauseField } from './clauses.js';
import { propertiesOf, wordsOf } from './extensions.js';
import { section, textField } from './fields.js';

const KINDS = {
  UserTask: t('有人办理的任务', 'Task of a person'), ManualTask: t('线下办理的任务', 'Manual task'), ServiceTask: t('系统自动办理', 'Task of the program'),
  BusinessRuleTask: t('按决策表判断', 'Decision table'), CallActivity: t('调用另一流程', 'Called process'), SendTask: t('发送消息', 'Send task'),
  ReceiveTask: t('接收消息', 'Receive task'), SubProcess: t('子流程', 'Subprocess'), Task: t('没有类型的任务', 'Task without a type'), ScriptTask: t('脚本任务（不能执行）', 'Script task (cannot run)'),
  StartEvent: t('开始', 'Start'), EndEvent: t('结束', 'End'), IntermediateCatchEvent: t('等待', 'Wait'), IntermediateThrowEvent: t('发出', 'Throw'), BoundaryEvent: t('附在任务上的事件', 'Boundary event'),
  ExclusiveGateway: t('判断（排他网关）', 'Decision (exclusive gateway)'), ParallelGateway: t('并行网关', 'Parallel gateway'), InclusiveGateway: t('包容网关', 'Inclusive gateway'), EventBasedGateway: t('事件网关', 'Event gateway'),
  SequenceFlow: t('连线', 'Flow'), Lane: t('泳道', 'Lane'), Participant: t('流程', 'Process'), Collaboration: t('流程', 'Process'), Process: t('流程', 'Process'), TextAnnotation: t('注释', 'Remark'),
};
const LONGEST = 18;

/** What kind of thing a business object is, for people. */
export const titleOf = (holder) => KINDS[holder.$type.slice(5)] ?? holder.$type.slice(5);

/** The clauses an element cites; `label` says of what. */
export function clausesOf({ element, holder, choices, writer }, label = t('落实的条款', 'Clauses carried out')) {
  const offered = choices.slots.length ? choices.slots.map((slot) => ({ id: `slot:${slot}`, article: t(`各地的条款：${slot}`, `the place’s own: ${slot}`), summary: t('调用本流程的各地在这里填写自己的条款', 'each place that calls this process gives its own clauses') })) : choices.clauses;
  return clauseField(label, () => wordsOf(propertiesOf(holder).clauses), offered, (ids) => writer.setProperties(element, holder, { clauses: ids.join(' ') }), t('这一处做到了办法的哪几条；条款落实表按它统计', 'Which articles of the regulation this carries out; the coverage counts it'));
}

/** Name and clauses. */
export function commonParts(place) {
  const { element, holder, writer } = place;
  const name = textField(t('名称', 'Name'), holder.name, (value) => writer.set(element, { name: value || undefined }), {
    help: [...(holder.name ?? '')].length > LONGEST ? t(`超过 ${LONGEST} 个字，图上会拥挤`, `More than ${LONGEST} characters crowd the drawing`) : t('写在图上，也是办理人看到的名称', 'Stands on the drawing, and is what people read'),
  });
  return [name, section(t('条款', 'Clauses'), [clausesOf(place)], { key: 'clauses' })];
}

/** The section of the id, last of all. */
export const idPart = (place) => section(t('编号', 'Id'), [identity(place)], { open: false, key: 'id' });

/** The id, which scenarios, records and other diagrams refer to. */
function identity({ element, holder, writer, modeler }) {
  const change = (value) => {
    const taken = modeler.get('elementRegistry').get(value);
    if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(value) || (taken && taken !== element)) return;
    writer.set(element, { id: value });
  };
  return textField(t('编号', 'Id'), holder.id, change, { help: t('情景和记录按编号找到它；以字母开头，图中不重复', 'Scenarios and records find it by this; it begins with a letter and stands once'), longest: 80 });
}
