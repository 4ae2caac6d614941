// Tasks and calls: who acts, with which form, by when; what the program does; which process is called.
import { make, send, t } from '../../shell/common.js';
import { preview } from '../form/preview.js';
import { clauseField } from './clauses.js';
import { extensionOf, propertiesOf, slotsOf, slotsText, wordsOf } from './extensions.js';
import { keyed, longField, namedOptions, section, selectField, textField, tickField } from './fields.js';
import { formulaField } from './formula.js';
import { message } from './panel_event.js';
import { repetition } from './panel_loop.js';
import { operation, RESULT_HELP } from './panel_operation.js';
import { timeLimit } from './panel_time.js';

/** The sections of an activity. */
export function activityParts(place) {
  const type = place.holder.$type.slice(5);
  const own = { UserTask: person, ManualTask: person, ServiceTask: (at) => [operation(at)], SendTask: (at) => [operation(at)], BusinessRuleTask: decision, CallActivity: call, ReceiveTask: (at) => [message(at, at.holder)] }[type];
  const sections = own ? own(place) : [];
  const repeated = ['UserTask', 'ManualTask', 'ServiceTask', 'BusinessRuleTask', 'CallActivity', 'SubProcess'].includes(type) && !place.holder.triggeredByEvent;
  return repeated ? [...sections, repetition(place)] : sections;
}

function person(place) {
  const { element, holder, writer, choices, urls } = place;
  const has = propertiesOf(holder);
  const set = (name) => (value) => writer.setProperties(element, holder, { [name]: value });
  const formula = (label, name, help) => formulaField(label, has[name], set(name), { help, place: urls.formula(holder.id, name) });
  const flag = (label, name, otherwise) => tickField(label, (has[name] ?? otherwise) === 'yes', (on) => set(name)(on === (otherwise === 'yes') ? '' : on ? 'yes' : 'no'));
  return [
    section(t('谁来办', 'Who acts'), [
      selectField(t('角色', 'Role'), has.role, namedOptions(choices.roles), set('role'), { help: t('“地方与奖项”里登记的角色', 'One of the roles under “Place and award”') }),
      body(place, has, set('body')),
      formula(t('角色随设置而定（公式）', 'Role as the settings say (formula)'), 'role_from', t('由哪个角色办理可以在“设置”里改的，写 param.…；空着用上面的角色', 'Where the settings decide who acts: param.…; empty: the role above')),
      formula(t('指定到人（公式）', 'One person (formula)'), 'assignee', t('只交给一个人办；空着则担任该角色的人都可以办', 'Given to one person alone; empty: whoever holds the role')),
    ], { key: 'who' }),
    section(t('填什么', 'What is filled in'), [...form(place, has, set), longField(t('办理说明', 'Guidance'), extensionOf(holder, 'InstructionsForEndUser')?.value, (value) => writer.setText(element, holder, 'InstructionsForEndUser', value), { help: t('显示在表单上方', 'Shown above the form') }), longField(t('提交前的提醒', 'Sentence before submitting'), has.consequence, set('consequence'), { help: t('花括号里是公式', 'Braces hold formulas') }), longField(t('没有办成时的说明', 'Where it is to be done anew'), has.redo, set('redo'), { help: t('提交后没有办成、当即又回到本环节时，告诉办理人要做什么', 'What its author must do where it comes back as soon as it is submitted') }), textField(t('任务列表中的标题', 'Title in the list'), has.title, set('title'), { help: t('空着用任务名称；花括号里是公式', 'Empty: the name of the task; braces hold formulas') }), formula(t('预填内容（公式）', 'First values (formula)'), 'prefill', t('打开表单时已经填好的内容，办理人可以改', 'What is filled in already when the form opens; people may change it'))], { key: 'form' }),
    section(t('期限', 'Time limit'), [timeLimit(place, has.due, set('due'), t('法定期限', 'Statutory limit')), formula(t('提醒（公式）', 'Reminder (formula)'), 'remind', t('只提醒，没有法律效果', 'A reminder without legal effect'))], { key: 'due' }),
    section(t('办理方式', 'Handling'), [
      flag(t('可以退回上一环节', 'May be sent back'), 'send_back', 'yes'), flag(t('提交后可以撤回', 'May be taken back'), 'take_back', 'yes'),
      flag(t('可以批量办理', 'Several at once'), 'bulk', 'no'), tickField(t('可以转给同一角色的其他单位', 'May go to another body with the role'), has.transfer === 'role', (on) => set('transfer')(on ? 'role' : '')), flag(t('只有办理人可以看到所填内容', 'Read by who may do it alone'), 'private', 'no'),
      selectField(t('书面答复由谁代录', 'Who enters a reply on paper'), has.paper, namedOptions(choices.roles), set('paper')),
      tickField(t('期满后一个工作日内可以补录按时送达的书面材料', 'Papers that came in time may be entered one working day later'), has.paper_entry === 'next_working_day', (on) => set('paper_entry')(on ? 'next_working_day' : '')),
    ], { open: false, key: 'handling' }),
  ];
}

function body({ choices, holder, urls }, has, set) {
  const fixed = choices.bodies.filter(({ roles }) => !has.role || roles.includes(has.role)).map(({ id, name }) => ({ value: `bodies[key = "${id}"][1].id`, label: name }));
  if (!has.body || fixed.some(({ value }) => value === has.body)) {
    return selectField(t('单位', 'Body'), has.body, fixed, set, { empty: t('该角色的所有单位', 'every body with this role'), help: t('只交给一个单位办的，在这里选', 'Choose where one body alone does it') });
  }
  return formulaField(t('单位（公式）', 'Body (formula)'), has.body, set, { place: urls.formula(holder.id, 'body') });
}

function form(place, has, set) {
  const { choices, urls } = place;
  const found = choices.forms.find(({ id }) => id === has.form);
  const parts = [selectField(t('表单', 'Form'), has.form, namedOptions(choices.forms), set('form'), { help: t('办理人看到和填写的内容', 'What people read and fill in') })];
  if (found?.path) parts.push(make('p', { className: 'panel-links' }, make('a', { href: urls.form(found.path), textContent: t('打开表单', 'Open the form'), target: '_blank' })), looked(found, urls));
  const chosen = wordsOf(has.routes);
  const keys = [...new Set([...(found?.keys ?? []), ...chosen])];
  if (!keys.length) return parts;
  const ticks = namedOptions(keys.map((id) => ({ id, name: found?.labels?.[id] }))).map(({ value: key, label }) => keyed(tickField(label, chosen.includes(key), (on) => toggleRoute(place, key, on)), key));
  return [...parts, make('fieldset', { className: 'panel-routes' }, make('legend', { textContent: t('后面的判断要用的字段', 'Fields that later decisions read') }), make('p', { className: 'panel-help', textContent: t('勾上的，后面的判断和公式才读得到', 'Later conditions and formulas can read what is ticked') }), ...ticks)];
}

function toggleRoute({ element, holder, writer }, key, on) {
  const others = wordsOf(propertiesOf(holder).routes).filter((other) => other !== key);
  writer.setProperties(element, holder, { routes: (on ? [...others, key] : others).join(' ') });
}

/** The form as people will see it, fetched once it is asked for. */
function looked({ path }, urls) {
  const box = make('details', { className: 'panel-builder' }, make('summary', { textContent: t('看看填写人看到的页面', 'Look at the page people see') }));
  const room = make('div', { className: 'panel-preview' });
  box.append(room);
  box.addEventListener('toggle', async () => {
    if (!box.open || room.childElementCount) return;
    try {
      const { content } = await send(urls.file(path));
      preview(room, { url: urls.preview, ask: () => ({ path, content }), size: 'phone' });
    } catch (error) {
      room.replaceChildren(make('p', { className: 'panel-help', textContent: error.message }));
    }
  });
  return box;
}

function decision(place) {
  const { element, holder, writer, choices, urls } = place;
  const table = extensionOf(holder, 'CalledDecisionId')?.value;
  const found = choices.tables.find(({ id }) => id === table);
  return [section(t('决策表', 'Decision table'), [
    selectField(t('按哪张表', 'Table'), table, namedOptions(choices.tables), (value) => writer.setText(element, holder, 'CalledDecisionId', value), { help: t('表中的条件成立哪一行，就得出哪一行的结论', 'The row whose conditions hold gives the result') }),
    found && make('p', { className: 'panel-links' }, make('a', { href: urls.table(found.path), textContent: t('打开决策表', 'Open the table'), target: '_blank' })),
    textField(t('结果叫什么', 'Name of the result'), propertiesOf(holder).resultVariable, (value) => writer.setProperties(element, holder, { resultVariable: value }), { list: 'panel-variables', help: RESULT_HELP }),
  ], { key: 'decision' })];
}

function call(place) {
  const { element, holder, writer, choices, urls } = place;
  const found = choices.processes.find(({ id }) => id === holder.calledElement);
  const bound = () => slotsOf(propertiesOf(holder).slots);
  const slots = [...new Set([...(found?.slots ?? []), ...Object.keys(bound())])];
  const bind = (slot) => (ids) => writer.setProperties(element, holder, { slots: slotsText({ ...bound(), [slot]: ids }) });
  const own = choices.slots.map((slot) => ({ id: `slot:${slot}`, article: t(`各地的条款：${slot}`, `the place’s own: ${slot}`), summary: '' }));
  return [section(t('被调用的流程', 'Called process'), [
    selectField(t('流程', 'Process'), holder.calledElement, choices.processes.filter(({ path }) => path !== choices.path).map(({ id, name, shared }) => ({ value: id, label: name, group: shared ? t('各地通用', 'Shared') : t('本地', 'Of this place') })), (value) => writer.set(element, { calledElement: value || undefined }), { help: t('走到这里时从头办另一张流程图，办完再往下', 'Another diagram is carried out here from its start; then it goes on') }),
    found && make('p', { className: 'panel-links' }, make('a', { className: 'btn btn-small', href: urls.diagram(found.path), textContent: t('打开它', 'Open it') })),
    ...slots.map((slot) => clauseField(slotLabel(slot, found?.citing?.[slot]), () => bound()[slot] ?? [], [...own, ...choices.clauses], bind(slot), t('各地共用的流程，这几处做到的是本地哪几条', 'What the shared process does here carries out these articles of the place'))),
  ], { key: 'call' })];
}

/** What of the called process cites the clauses of a slot, by name; its id in brackets. */
function slotLabel(slot, names = []) {
  const few = names.slice(0, 2).map((name) => `“${name}”`).join(t('、', ', '));
  const more = names.length > 2;
  return few ? t(`${few}${more ? '等' : ''}的条款（${slot}）`, `Clauses of ${few}${more ? ' …' : ''} (${slot})`) : t(`其中的条款（${slot}）`, `Clauses inside (${slot})`);
}
