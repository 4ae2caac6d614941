// Flows and gateways: the condition, the way that is taken otherwise, the main way.
import { make, t } from '../../shell/common.js';
import { propertiesOf } from './extensions.js';
import { button, section, selectField, textField, tickField } from './fields.js';
import { formulaField } from './formula.js';
import { clausesOf, idPart } from './panel_common.js';

const decides = (node) => node.$instanceOf('bpmn:ExclusiveGateway') || node.$instanceOf('bpmn:InclusiveGateway');

/** The sections of a flow. */
export function flowParts(place) {
  const { element, holder, writer, urls } = place;
  const source = holder.sourceRef;
  const isDefault = source.default === holder;
  const condition = (value) => writer.set(element, { conditionExpression: value ? writer.expression(holder, value) : undefined });
  const parts = [textField(t('名称', 'Name'), holder.name, (value) => writer.set(element, { name: value || undefined }))];
  if (decides(source)) {
    parts.push(section(t('何时走这条路', 'When this way is taken'), [
      tickField(t('默认分支：其他条件都不成立时走这里', 'Default: taken where no other condition holds'), isDefault, (on) => makeDefault(place, on)),
      isDefault ? make('p', { className: 'panel-help', textContent: t('默认分支不写条件', 'The default has no condition') }) : formulaField(t('条件（公式）', 'Condition (formula)'), holder.conditionExpression?.body, condition, { place: urls.formula(holder.id, 'condition') }),
    ], { key: 'condition' }));
  } else if (holder.conditionExpression) {
    parts.push(formulaField(t('条件（此处不起作用，请清空）', 'Condition (ignored here: clear it)'), holder.conditionExpression.body, condition, { place: urls.formula(holder.id, 'condition') }));
  }
  parts.push(
    tickField(t('主路径：一切顺利时走这条路', 'Main way: taken when all goes well'), propertiesOf(holder).main === 'yes', (on) => writer.setProperties(element, holder, { main: on ? 'yes' : '' }), t('整理版面时画成直线，阶段沿它排列', 'Tidy up keeps it straight; stages are read along it')),
    section(t('条款', 'Clauses'), [clausesOf(place)], { key: 'clauses', open: false }),
    idPart(place),
  );
  return parts;
}

/** Make the flow the way taken otherwise, without a condition, or an ordinary one again. */
export function makeDefault({ element, holder, writer }, on) {
  if (on && holder.conditionExpression) writer.set(element, { conditionExpression: undefined });
  writer.set(element.source, { default: on ? holder : undefined });
}

/** The section of a gateway. */
export function gatewayParts({ element, holder, writer }) {
  if (!decides(holder) || (holder.outgoing ?? []).length < 2) return [];
  const flows = inOrder(holder);
  const ways = flows.map((flow) => ({ value: flow.id, label: wordOf(flow) }));
  const choose = (id) => {
    const flow = holder.outgoing.find((one) => one.id === id);
    const drawn = element.outgoing.find((one) => one.businessObject === flow);
    if (drawn && flow.conditionExpression) writer.set(drawn, { conditionExpression: undefined });
    writer.set(element, { default: flow });
  };
  const asked = flows.filter((flow) => flow !== holder.default);
  return [
    section(t('默认分支', 'Default way'), [
      selectField(t('条件都不成立时', 'Where no condition holds'), holder.default?.id, ways, choose),
      tickField(t('有数据未知时也走默认分支', 'Also where something is unknown'), propertiesOf(holder).unknown === 'default', (on) => writer.setProperties(element, holder, { unknown: on ? 'default' : '' }), t('不勾：条件所读的数据没有值时，办件停下，列为异常', 'Unticked: where a condition reads what is not known the case stops as an incident')),
    ], { key: 'default' }),
    asked.length > 1 && holder.$instanceOf('bpmn:ExclusiveGateway') ? section(t('判断的先后', 'Order of ways'), [order(asked, (flow, before) => moveBefore({ element, holder, writer }, flow, before))], { key: 'ways' }) : null,
  ].filter(Boolean);
}

const wordOf = (flow) => flow.name || t(`到“${flow.targetRef.name || flow.targetRef.id}”`, `to “${flow.targetRef.name || flow.targetRef.id}”`);

/** The ways out of a gateway as the file has them, which is the order in which they are asked. */
const inOrder = (holder) => holder.$parent.flowElements.filter((one) => one.$type === 'bpmn:SequenceFlow' && one.sourceRef === holder);

/** The ways that have conditions: the first that holds is taken, so each can be moved up. */
function order(asked, move) {
  const rows = asked.map((flow, place) => {
    const up = button('↑', () => move(flow, asked[place - 1]), 'btn-quiet');
    up.setAttribute('aria-label', t(`“${wordOf(flow)}”提前`, `Ask “${wordOf(flow)}” earlier`));
    return make('li', {}, wordOf(flow), ...(place ? [' ', up] : []));
  });
  return make('div', {}, make('p', { className: 'panel-help', textContent: t('从上到下依次判断，走第一条成立的', 'Asked from above; the first that holds is taken') }), make('ol', { className: 'panel-ways' }, ...rows));
}

function moveBefore({ element, holder, writer }, flow, before) {
  const rest = holder.$parent.flowElements.filter((one) => one !== flow);
  rest.splice(rest.indexOf(before), 0, flow);
  writer.setPart(element, holder.$parent, { flowElements: rest });
}
