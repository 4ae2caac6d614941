// The remedies that follow from the fault alone: for each rule, what one click does, where the diagram leaves only one way.
import { t } from '../../shell/common.js';
import { extensionOf, propertiesOf } from './extensions.js';

const REMEDIES = {
  missing_default: ({ holder, element, writer }) => {
    const bare = (holder.outgoing ?? []).filter((flow) => !flow.conditionExpression?.body);
    if (holder.outgoing?.length === 1) return { label: t('去掉多余的条件', 'Remove the condition'), apply: () => writer.set(element.outgoing[0], { conditionExpression: undefined }) };
    if (bare.length !== 1) return null;
    return { label: t(`把“${wayOf(bare[0])}”设为默认`, `Make “${wayOf(bare[0])}” the default`), apply: () => writer.set(element, { default: bare[0] }) };
  },
  missing_condition: ({ holder, element, writer }) => {
    const source = holder.sourceRef;
    if (!source || source.default) return null;
    return { label: t('设为默认分支', 'Make it the default'), apply: () => writer.set(element.source, { default: holder }) };
  },
  default_with_condition: ({ holder, element, writer }) => {
    const flow = holder.$type === 'bpmn:SequenceFlow' ? holder : holder.default;
    const drawn = flow === holder ? element : element.outgoing?.find((one) => one.businessObject === flow);
    return drawn && { label: t('删除这个条件', 'Remove the condition'), apply: () => writer.set(drawn, { conditionExpression: undefined }) };
  },
  ignored_condition: ({ element, writer }) => {
    const drawn = (element.outgoing ?? []).filter((one) => one.businessObject.conditionExpression);
    return drawn.length === 1 && { label: t('删除这个条件', 'Remove the condition'), apply: () => writer.set(drawn[0], { conditionExpression: undefined }) };
  },
  abstract_task: ({ element, modeler }) => ({ label: t('改为有人办理的任务', 'Make it a task of a person'), apply: () => modeler.get('bpmnReplace').replaceElement(element, { type: 'bpmn:UserTask' }) }),
  script: ({ holder, element, writer, modeler }) => {
    if (holder.$type === 'bpmn:ScriptTask') return { label: t('改为系统自动办理', 'Make it a task of the program'), apply: () => modeler.get('bpmnReplace').replaceElement(element, { type: 'bpmn:ServiceTask' }) };
    return { label: t('删除脚本', 'Remove the script'), apply: () => ['PreScript', 'PostScript'].forEach((type) => writer.drop(element, holder, type)) };
  },
  standard_loop: ({ element, writer }) => ({ label: t('去掉循环标记', 'Remove the loop'), apply: () => writer.set(element, { loopCharacteristics: undefined }) }),
  start_event: ({ element, holder, modeler }) => {
    const start = holder.$type === 'bpmn:StartEvent' ? element : modeler.get('elementRegistry').find((one) => one.type === 'bpmn:StartEvent' && one.businessObject.eventDefinitions?.length && !one.businessObject.$parent.triggeredByEvent);
    return start && { label: t('改为普通开始', 'Make it a plain start'), apply: () => modeler.get('bpmnReplace').replaceElement(start, { type: 'bpmn:StartEvent' }) };
  },
  unknown_clause: ({ holder, element, writer, problem }) => {
    const cited = (propertiesOf(holder).clauses ?? '').split(/\s+/).filter(Boolean);
    return cited.includes(problem.word) && { label: t(`去掉 ${problem.word}`, `Remove ${problem.word}`), apply: () => writer.setProperties(element, holder, { clauses: cited.filter((id) => id !== problem.word).join(' ') }) };
  },
  lane_of_role: ({ problem, element, modeler, tidy }) => {
    const name = problem.word;
    const lane = modeler.get('elementRegistry').find((one) => one.type === 'bpmn:Lane' && one.businessObject.name === name);
    if (!lane) return { label: t(`画出泳道“${name}”并整理版面`, `Draw lane “${name}” and tidy up`), apply: tidy };
    const up = lane.y + lane.height / 2 - (element.y + element.height / 2);
    return { label: t(`移到泳道“${name}”`, `Move to lane “${name}”`), apply: () => modeler.get('modeling').moveElements([element], { x: 0, y: up }, element.parent) };
  },
  share_in_words: ({ problem, element, holder, writer }) => {
    const exact = problem.word;
    const now = extensionOf(holder, 'ServiceTaskOperator');
    if (!now) return null;
    const rows = (now.parameterList?.parameters ?? []).map(({ id, type, value }) => ({ id, type, value: id === 'cut_off' ? exact : value }));
    return { label: t(`改成 ${exact}`, `Write ${exact}`), apply: () => writer.setOperation(element, holder, now.id, now.resultVariable, rows) };
  },
  notice_end: ({ problem, element, holder, writer }) => {
    const timer = holder.eventDefinitions?.find((one) => one.$type === 'bpmn:TimerEventDefinition');
    return timer && { label: t('等到公示期满', 'Wait for the end of the notice'), apply: () => writer.setPart(element, timer, { timeDuration: undefined, timeCycle: undefined, timeDate: writer.expression(timer, problem.word) }) };
  },
  undeclared_variable: ({ problem, element, holder, writer }) => {
    const name = problem.word;
    const process = processOf(holder);
    if (!process) return null;
    const now = propertiesOf(process).variables;
    return { label: t(`在流程中声明“${name}”`, `Declare “${name}”`), apply: () => writer.setProperties(element, process, { variables: [now, `${name}: any`].filter(Boolean).join(', ') }) };
  },
  fact_not_declared: ({ problem, holder, declareFact }) => {
    const [kind, fact] = problem.word.split('.');
    return declareFact && { label: t(`声明事实“${fact}”`, `Declare the fact “${fact}”`), apply: () => declareFact(kind, fact, extensionOf(holder, 'ServiceTaskOperator')?.id) };
  },
};

/** What is wrong with the drawing alone: laid out anew it is right. */
const DRAWING = new Set(['not_drawn', 'lane_missing']);

/** The one remedy of a problem as {label, apply}, or null where a person has to choose. */
export function remedyOf(problem, modeler, { writer, choices, tidy, declareFact }) {
  if (DRAWING.has(problem.rule)) return { label: t('整理版面', 'Tidy up'), apply: tidy };
  const element = modeler.get('elementRegistry').get(problem.element);
  const make = REMEDIES[problem.rule];
  if (!element || !make) return null;
  return make({ problem, modeler, writer, choices, tidy, declareFact, element, holder: element.businessObject }) || null;
}

const wayOf = (flow) => flow.name || flow.targetRef?.name || flow.id;

function processOf(holder) {
  let here = holder;
  while (here && here.$type !== 'bpmn:Process') here = here.$parent;
  return here;
}
