"""What scenarios are told in: names of a package and words of the page instead of ids, dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from service.catalog.package import Package
from service.catalog.patterns.patterns import SHARED_ROLES
from service.catalog.pieces.piece_kinds import document_name
from service.catalog.scenarios.scenario_words import former_name
from service.catalog.wording.english import both_languages
from service.catalog.wording.word_lists import choice_words, fact_value_words, fact_words
from service.domain.calendar import CHINA, local_date
from service.domain.errors import LaurelError
from service.domain.text import Text

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:[+-]\d{2}:?\d{2}|Z)?)?")
_FORMULA = re.compile(r"\{[^}]*\}")
_EMPTIED = re.compile(r"“”|《》|（）|\(\)|第年?届?度?")
_PROVISIONAL = "_provisional"
_OF_ELEMENTS = frozenset({"reached", "task", "waiting", "prefill", "timer", "complete", "element", "each", "claim"})

STATES: Mapping[str, Text] = {
    "running": Text("进行中", "running"), "ended": Text("已结束", "ended"), "suspended": Text("已中止", "suspended"),
    "terminated": Text("已终止", "terminated"), "open": Text("未办", "open"), "done": Text("已办", "done"),
    "cancelled": Text("已取消", "cancelled"), "closed": Text("已结束", "closed"), "recalled": Text("已收回", "recalled"),
    "corrected": Text("已更正", "corrected"), "active": Text("在任", "active"), "replaced": Text("已更换", "replaced"),
    "met": Text("符合", "met"), "not_met": Text("不符合", "not met"), "unknown": Text("不明", "unknown"),
    "machine": Text("程序", "the program"), "attested": Text("人工", "people"), "ban": Text("不得申报", "may not apply"),
    "credit_record": Text("记入信用记录", "on the credit record"), "public": Text("公开", "public"),
    "internal": Text("内部", "internal"), "waiting": Text("等待中", "waiting"), "held": Text("停住", "held"),
    "not_candidate": Text("不是候选", "no candidate"), "not_elected": Text("未当选", "not elected"),
    "list_dropped": Text("名单作废", "list dropped"), "draw_failed": Text("抽取未成", "draw failed"),
    "after_quality": Text("已获质量奖之后", "after the quality award"), "not_qualified": Text("不符合条件", "not qualified"),
    "after_innovation": Text("已获创新奖之后", "after the innovation award"), "publicity_ban": Text("不得宣传", "may not publicise"),
    "confirm_date": Text("确认期限", "settle the date"), "under_re_evaluation": Text("复评中", "under re-evaluation"),
    "concealment_or_false_material": Text("隐瞒或者提供虚假材料", "concealment or false material"),
    "grave_quality_safety_accident": Text("重大质量安全事故", "grave quality or safety accident"),
    "rectification_order": Text("责令整改", "order to rectify"), "submission_receipt": Text("收件回执", "receipt"),
    "public_notice": Text("公示", "public notice"), "none": Text("无", "none"), "start": Text("申报", "application"),
    "rejected": Text("不成立", "rejected"), "noted": Text("已注明", "noted"), "candidate": Text("候选", "candidate"),
    "reviewing": Text("评审中", "under review"), "first": Text("首次", "first"), "repeat": Text("再次", "repeated"),
    "motion": Text("提请事项", "the motion"), "fraud": Text("弄虚作假", "fraud"), "removed": Text("已除名", "removed"),
    "examining": Text("审查中", "being examined"),
    "recused": Text("已回避", "recused"), "auditing": Text("审核中", "being audited"), "notice": Text("公示", "notice"),
    "audit_notice": Text("审核公示", "notice of the audit"), "checking": Text("核对中", "being checked"),
    "finding": Text("认定中", "finding the facts"), "investigating": Text("调查中", "under investigation"),
    "listing": Text("编制名单", "being listed"), "site": Text("现场评审", "site visit"), "voting": Text("表决中", "voting"),
    "supervised": Text("监督期内", "under supervision"), "not_determined": Text("未予确定", "not determined"),
    "struck": Text("已删去", "struck off"),
}  # fmt: skip
"""How things stand, where the package has no name for it."""
RECORDED: Mapping[str, Text] = {
    "recusal": Text("回避", "recusal"), "draw": Text("抽取", "draw"), "draw_refused": Text("未予抽取", "draw refused"),
    "draw_failed": Text("抽取未成", "draw failed"), "register": Text("名录", "register"), "message": Text("通知", "message"),
    "reminded": Text("催办", "reminded"), "panel": Text("评审组", "panel"), "revealed": Text("披露", "revealed"),
    "ballot": Text("表决", "ballot"), "document": Text("文书", "document"), "notice": Text("公示", "notice"),
    "completed": Text("办理", "completed"), "ended": Text("办结", "ended"), "started": Text("启动", "started"),
    "scores": Text("评分", "scores"), "timer": Text("期限", "time limit"), "value": Text("改值", "value changed"),
    "suspension": Text("中止", "suspension"), "suspended": Text("中止", "suspended"), "resumed": Text("恢复", "resumed"),
    "sent_back": Text("退回", "sent back"), "taken_back": Text("收回", "taken back"), "extended": Text("延长", "extended"),
    "number": Text("编号", "number"), "appointment": Text("预约", "appointment"), "incident": Text("异常", "incident"),
    "told": Text("告知", "told"), "action": Text("操作", "act"),
    "succession": Text("承继", "succession"), "lapse_decided": Text("逾期处理", "lapse decided"), "note": Text("记载", "note"),
    "limit_moved": Text("期限变更", "time limit moved"), "calendar_kept": Text("期限保留", "day kept"), "moved_back": Text("撤销迁移", "move undone"),
    "provisional": Text("暂定", "provisional"), "barrier": Text("汇合", "barrier"), "accepted": Text("受理", "accepted"),
    "sheet_conflict": Text("评分表冲突", "conflict of sheets"), "undelivered": Text("未送达", "not delivered"),
    "assigned": Text("指派", "assigned"), "delegated": Text("转办", "handed on"), "joined": Text("并案", "joined"),
    "moved": Text("迁移到新版本", "moved to another version"), "export": Text("导出", "export"), "restored": Text("恢复", "restored"),
    "findings": Text("资格条件认定", "conditions examined"), "sitting": Text("会议", "sitting"), "signed": Text("会签", "signing"),
    "noted": Text("批注、批示或抄送", "note, instruction or copy"), "rated": Text("评价与答复", "rating"),
    "intervened": Text("管理员干预", "intervention"), "work_item_dead": Text("后台事项没有办成", "background work failed"),
    "retried": Text("重试", "retried"), "skipped": Text("跳过异常", "incident skipped"),
    "handed_over": Text("移交异常", "incident handed over"),
}  # fmt: skip
"""What entries of a case's history are called, by their action, in words that hold nothing of the case."""


class ScenarioTerms:
    """The words of one package: `word` says a value, under what ``key`` of an expectation it stands may tell more."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._names = dict(_iterate_names(package))

    def word(self, value: object, key: str = "") -> Text:
        """Return a value in words; what nothing names stands as it is."""
        if isinstance(value, bool):
            return Text("是", "yes") if value else Text("否", "no")
        if value is None:
            return Text("无", "none")
        if isinstance(value, datetime):
            return _moment_text(value)
        if isinstance(value, date):
            return day_text(value, "")
        if isinstance(value, Mapping):
            parts = [(self.word(k, "fact"), self.word(v)) for k, v in value.items()]
            return Text("，".join(f"{k.zh} {v.zh}" for k, v in parts), ", ".join(f"{k.en} {v.en}" for k, v in parts))
        if isinstance(value, list | tuple):
            items = [self.word(item, key) for item in value]
            return Text("、".join(i.zh for i in items) or "无", ", ".join(i.en for i in items) or "none")
        return self._describe_text(str(value), key)

    def fact_value(self, fact: str, value: object) -> Text:
        """Return what a fact of this name says: by the words for it, then as any value."""
        return fact_value_words().get(f"{fact}/{value}") or self.word(value, "value")

    def outcome(self, process: str, outcome: str) -> Text:
        """Return the outcome (or the state) of a case of kind ``process``."""
        info = self._package.award.processes.get(process)
        diagram = self._package.processes.get(info.process) if info else None
        named = (e for e in (diagram.elements.values() if diagram else ()) if e.outcome == outcome and e.outcome_name)
        element = next(named, None)
        return element.outcome_text if element else self.word(outcome, "outcome")

    def element(self, element: str) -> str:
        """Return the name of an element, the last it had where it is gone, its id where it never had one."""
        name = self._names.get(element) or self.former(element)
        return name.zh if name else element

    def former(self, ident: str) -> Text | None:
        """Return what an element was called that the version before still has, and that it is gone; None for any other."""
        name = former_name(self._package.before, ident)
        if name is None or any(ident in diagram.elements for diagram in self._package.diagrams.values()):
            return None
        words = both_languages(name)
        return Text(f"{words.zh}（已从流程中去掉）", f"{words.en} (no longer in the procedure)")

    def _describe_text(self, value: str, key: str) -> Text:
        if value in ("True", "False", "true", "false"):
            return self.word(value.lower() == "true")
        if match := _DAY.fullmatch(value):
            return _of_match(match)
        if key == "fact" and (fact_name := self._find_fact_name(value)):
            return fact_name
        if key == "history" and value in RECORDED:
            return RECORDED[value]
        if key == "outcome" and value in self._outcome_words:
            return self._outcome_words[value]
        text = self._names.get(value) or STATES.get(value)
        if text is None and value.isascii():
            text = self._outcome_words.get(value) or self._option_labels.get(value) or choice_words().get(value)
        return (
            text
            or self._find_fact_name(value)
            or self.person(value)
            or self._find_former_name(value, key)
            or both_languages(value)
        )

    def _find_former_name(self, value: str, key: str) -> Text | None:
        return self.former(value) if key in _OF_ELEMENTS else None

    def _find_fact_name(self, value: str) -> Text | None:
        if not value.isascii():
            return None
        name = fact_words().get(value) or self._field_labels.get(value)
        if name is None and value.endswith(_PROVISIONAL):
            name = self._find_fact_name(value.removesuffix(_PROVISIONAL))
            return Text(f"{name.zh}是否暂定", f"{name.en} is provisional") if name else None
        return name

    def person(self, value: str) -> Text | None:
        """Return what a person of a role is called (`office@shaybak`, `committee#1`), None for any other text."""
        role, at, body = value.partition("@")
        if at and role in self._names:
            who, where = self._names[role], self._names.get(body, Text(body, body))
            return Text(f"{who.zh}（{where.zh}）", f"{who.en} ({where.en})")
        role, number, count = value.partition("#")
        if number and role in self._names:
            return Text(f"{self._names[role].zh}第{count}人", f"{self._names[role].en} no. {count}")
        return None

    @cached_property
    def _outcome_words(self) -> Mapping[str, Text]:
        kinds = {info.process for info in self._package.award.processes.values()}
        diagrams = sorted(self._package.diagrams.values(), key=lambda diagram: diagram.process_id in kinds)
        elements = (e for d in diagrams for e in d.elements.values())  # how a case itself ends is said last, and stands
        return {e.outcome: e.outcome_text for e in elements if e.outcome}

    @cached_property
    def _field_labels(self) -> Mapping[str, Text]:
        return {
            str(c["key"]): _build_label(c, label)
            for c in self._iterate_form_components()
            if (label := _get_label(c)) and c.get("key")
        }

    @cached_property
    def _option_labels(self) -> Mapping[str, Text]:
        return {
            str(o["value"]): Text(str(o["label"]), str(o.get("label_en") or o["label"]))
            for c in self._iterate_form_components()
            for o in c.get("values") or ()
            if isinstance(o, Mapping) and o.get("label") and "value" in o
        }

    def _iterate_form_components(self) -> Iterator[Mapping[str, Any]]:
        elements = (e.form for d in self._package.diagrams.values() for e in d.elements.values())
        award = self._package.award
        others = [i.start_form for i in award.processes.values()] + [a.form for a in award.actions.values()]
        for form in sorted({f for f in (*elements, *others) if f and "{" not in f and self._package.has_form(f)}):
            try:
                yield from _iterate_components(self._package.form(form).get("components") or ())
            except LaurelError:  # the check says what is wrong with the form
                continue


def terms_of(package: Package) -> ScenarioTerms:
    """Return the words of a package; gathered once."""
    return package.derived("words of values", lambda: ScenarioTerms(package))


def _iterate_names(package: Package) -> Iterator[tuple[str, Text]]:
    seen_kinds: set[str] = set()
    for diagram in package.diagrams.values():
        for e in diagram.elements.values():
            if e.name:
                yield e.id, both_languages(e.name)
            if e.operation and e.operation.operation == "notice.draft":
                kind = e.operation.parameters.get("kind", "").strip('"')
                written = e.operation.parameters.get("title", "")
                title = (_plain_title(written.strip('"')) if written.startswith('"') else "") or e.name
                if kind.isidentifier() and title and kind not in seen_kinds:
                    seen_kinds.add(kind)
                    yield kind, both_languages(title)
    for table in package.tables.values():
        yield from ((row.id, both_languages(row.description)) for row in table.rows if row.description)
    for ident, template in package.documents.items():
        title = _plain_title(template.title) or document_name(package, ident)
        if title != ident:
            yield ident, Text(title, _tidy_title(both_languages(title).en))
    award, place = package.award, package.jurisdiction
    yield from ((action.id, action.text) for action in award.actions.values())
    yield from ((role, Text(name, role.replace("_", " "))) for role, name in SHARED_ROLES.items())
    bound = ((abstract, place.roles.get(role)) for abstract, role in place.bindings.items())
    yield from ((abstract, role.text) for abstract, role in bound if role is not None)
    yield from ((role.id, role.text) for role in place.roles.values())
    yield from ((key, info.text) for key, info in award.processes.items())
    yield from ((tier.id, tier.text) for tier in award.tiers)
    yield from ((body.id, body.text) for body in place.bodies if body.id not in place.roles)
    yield from ((name, parameter.text) for name, parameter in award.parameters.items())
    yield "administrator", Text("管理员", "administrator")


def _plain_title(title: str) -> str:
    """Return a title without what a formula fills in, "" where nothing is left of it."""
    remainder = _EMPTIED.sub("", _FORMULA.sub("", title)).strip("：: ，、第届年的")
    return remainder if len(remainder) > 1 else ""


def _tidy_title(english: str) -> str:
    """Return an English title without what leads to the place of a formula."""
    return english.strip(" :,").removesuffix(" of")


def _iterate_components(components: Any) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _iterate_components(component.get("components") or ())


def _get_label(component: Mapping[str, Any]) -> str:
    return str(component.get("label") or component.get("dateLabel") or "")


def _build_label(component: Mapping[str, Any], label: str) -> Text:
    return Text(label, str((component.get("properties") or {}).get("label_en") or label))


def _of_match(match: re.Match[str]) -> Text:
    try:
        moment = datetime.fromisoformat(match[0].replace("Z", "+00:00"))
    except ValueError:
        return Text(match[0], match[0])
    return _moment_text(moment) if match[4] else day_text(moment.date())


def _moment_text(moment: datetime) -> Text:
    """Return a moment in Asia/Shanghai; midnight of an instant on record is 24:00 of the day before, as statutory days end."""
    local = moment.astimezone(CHINA) if moment.tzinfo else moment
    if moment.tzinfo and local.time() == time.min:
        last = day_text(local_date(moment - timedelta(seconds=1)))
        return Text(f"{last.zh}24时", f"{last.en}, 24:00")
    return day_text(local.date(), local.strftime("%H:%M"))


def day_text(day: date, hour: str = "") -> Text:
    """Return a day, and the time of day unless it is midnight, as people write it."""
    zh, en = f"{day.year}年{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return Text(f"{zh} {hour}", f"{en}, {hour}") if hour and hour != "00:00" else Text(zh, en)
