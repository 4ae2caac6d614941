"""What can be done on the stage of a recording apart from its tasks: actions, objections, corrections, recusals, records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.casework.ballots.box import OPEN, Box
from service.casework.public.lodge import place_of, targets_at
from service.casework.simulate.scenarios.words import verb_words
from service.casework.simulate.seasons.season_record import every_case
from service.casework.simulate.stage.ballots import other_teller
from service.casework.simulate.writing.recording import BALLOT, Recording
from service.catalog.award import PUBLIC, Action, ProcessInfo
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow

OFFICE, ADMINISTRATOR = "office", "administrator"


@dataclass(frozen=True, slots=True)
class DeedField:
    """An input of a deed that has no form of the package: ``kind`` is text, long, day, number, tick or one of ``options``."""

    key: str
    label: Text
    kind: str = "text"
    required: bool = True
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that ``who`` can do with a case (0: with none): a step by ``verb`` about ``what``.

    ``form`` is the form of the package that it fills in; ``notice`` names the notice it is about, as ``case/kind``.
    """

    verb: str
    what: str
    case: int
    who: str
    name: Text
    who_name: Text | None = None
    about: str = ""
    notice: str = ""
    form: str = ""
    fields: tuple[DeedField, ...] = ()

    @property
    def key(self) -> tuple[str, str, int, str, str]:
        """What tells it from the others."""
        return self.verb, self.what, self.case, self.who, self.notice


_REASON = DeedField("reason", Text("理由", "Reason"), "long")
_PASSED = DeedField(
    "last_day",
    Text(
        "暂停期间已过的期限另定到哪一天（空着表示随即届满）",
        "Until when limits that passed meanwhile run (empty: they end at once)",
    ),
    "day",
    required=False,
)


def list_possible_deeds(recording: Recording) -> tuple[Deed, ...]:
    """Return what can be done now, case by case, then what can be put on record of the time before."""
    with recording.stage.desk.store.read() as tx:
        all_deeds = [deed for case in every_case(tx) for deed in _of_case(recording, tx, case)]
    named = [replace(deed, who_name=recording.name_of(deed.who) if deed.who else None) for deed in all_deeds]
    return (*named, *_iterate_preliminaries(recording))


def deed_of(recording: Recording, verb: str, what: str, case: int, who: str, notice: str) -> Deed:
    """Return the deed with that key; raises NotFound where it cannot be done now."""
    matching_deed = next(
        (deed for deed in list_possible_deeds(recording) if deed.key == (verb, what, case, who, notice)), None
    )
    if matching_deed is None:
        raise NotFound(Text("现在不能这样做，请返回重看。", "This cannot be done now: go back and look again."))
    return matching_deed


def _of_case(recording: Recording, tx: Transaction, case: CaseRow) -> Iterator[Deed]:
    if case.status == "suspended":
        yield Deed("resume", "", case.id, ADMINISTRATOR, verb_words("resume"), fields=(_REASON, _PASSED))
        return
    if case.status == "ended":
        return
    for action in recording.package.award.actions.values():
        if action.process == case.process:
            yield from _iterate_actions(recording, tx, case, action)
    notices = [notice for notice in tx.notices.select(case_id=case.id) if notice.state == "running"]
    for notice in notices:
        yield from _with_notice(case, notice)
    for info in recording.package.award.processes.values():
        if info.public:
            yield from _iterate_lodgings(recording, tx, case, info, notices)
    yield from _iterate_tasks(recording, tx, case)
    yield from _iterate_panels(recording, tx, case)
    yield from _iterate_ballots(recording, tx, case)
    yield Deed("suspend", "", case.id, ADMINISTRATOR, verb_words("suspend"), fields=(_REASON,))


def _iterate_actions(recording: Recording, tx: Transaction, case: CaseRow, action: Action) -> Iterator[Deed]:
    deed = Deed("action", action.id, case.id, "", action.text, form=action.form or "")
    for role in action.roles:
        role_info = recording.package.jurisdiction.roles.get(role)
        if role == PUBLIC:
            if recording.known(case) in recording.stage.codes:
                yield replace(deed, verb="public")
        elif role_info is not None and role_info.subject:
            nick = next((n for n, body in recording.stage.cast.organisations.items() if body == case.subject_id), "")
            if nick:
                yield replace(deed, who=nick)
        else:
            holders = tx.cases.parties(case.id).get(role, [])
            yield from (replace(deed, who=who) for who in [f"{role}@{body.key}" for body in holders] or [role])


def _with_notice(case: CaseRow, notice: NoticeRow) -> Iterator[Deed]:
    text = str((notice.content or {}).get("text", ""))
    fields = (
        DeedField("title", Text("标题", "Title"), value=notice.title),
        DeedField("text", Text("更正后的正文", "Text as corrected"), "long", value=text),
        _REASON,
        DeedField("of_substance", Text("实质内容有变，重新计算公示期", "Of substance: the period begins anew"), "tick", required=False),
    )  # fmt: skip
    yield Deed("correct", notice.kind, case.id, OFFICE, verb_words("correct"), about=notice.title, fields=fields)
    yield Deed("recall", notice.kind, case.id, OFFICE, verb_words("recall"), about=notice.title, fields=(_REASON,))


def _iterate_lodgings(
    recording: Recording, tx: Transaction, case: CaseRow, info: ProcessInfo, notices: list[NoticeRow]
) -> Iterator[Deed]:
    """Yield the objections that anybody may lodge against ``case``, by each public notice that names it, and by none."""
    place = place_of(recording.package, case)
    if info.parent != case.process or case.id not in {target.id for target in targets_at(tx, info, place)}:
        return
    above = [(case, notice) for notice in notices]
    if place != case.id:
        above += [(tx.cases.get(place), n) for n in tx.notices.select(case_id=place) if n.state == "running"]
    public = [(holder, notice) for holder, notice in above if notice.audience == "public"]
    for holder, notice in public:
        words = f"{recording.known(holder)}/{notice.kind}"
        yield Deed(
            "lodge", info.key, case.id, "", info.text, about=notice.title, notice=words, form=info.start_form or ""
        )
    if not public:
        yield Deed("lodge", info.key, case.id, "", info.text, form=info.start_form or "")


def _iterate_tasks(recording: Recording, tx: Transaction, case: CaseRow) -> Iterator[Deed]:
    done = [task for task in tx.tasks.select(case_id=case.id) if task.state == "done" and task.kind != BALLOT]
    for task in tx.tasks.open_of_case(case.id):
        if task.kind in (BALLOT, "confirm_date"):
            continue
        who = recording.who(tx, task)
        if task.assignee_id is None:
            yield Deed("claim", task.element, case.id, who, verb_words("claim"), about=task.title)
        if done:
            yield Deed(
                "send_back", task.element, case.id, who, verb_words("send_back"), about=task.title, fields=(_REASON,)
            )
    if done:
        last = max(done, key=lambda task: (task.done_at or task.created_at, task.id))
        who = recording.who(tx, last)
        yield Deed("take_back", last.element, case.id, who, verb_words("take_back"), about=last.title)


def _iterate_panels(recording: Recording, tx: Transaction, case: CaseRow) -> Iterator[Deed]:
    for panel in tx.panels.of_case(case.id):
        members = [m for m in tx.panel_members.select(panel_id=panel.id) if m.state == "active"]
        if panel.state != "open" or not members:
            continue
        names = tx.people.named({m.person_id for m in members})
        options = tuple((recording.stage.cast.word_of(m.person_id) or "", names[m.person_id]) for m in members)
        person = DeedField("person", Text("更换谁", "Who is replaced"), options=tuple(o for o in options if o[0]))
        yield Deed(
            "replace", panel.stage, case.id, OFFICE, verb_words("replace"), about=panel.stage, fields=(person, _REASON)
        )


def _iterate_ballots(recording: Recording, tx: Transaction, case: CaseRow) -> Iterator[Deed]:
    for row in tx.ballots.select(case_id=case.id):
        if row.state != OPEN:
            continue
        candidates = tuple(recording.candidates(Box(row)))
        size = len(tx.rolls.select(ballot_id=row.id))
        number = DeedField("number", Text(f"名册第几人（1 至 {size}）", f"Number on the roll (1 to {size})"), "number")
        from_whom = DeedField("candidate", Text("回避哪个候选", "From which candidate"), options=candidates)
        yield Deed(
            "recuse", "", case.id, "", verb_words("recuse"), about=row.title, fields=(number, from_whom, _REASON)
        )
        letters = tuple(DeedField(f"letters.{word}", Text(name, name), value="y" * size) for word, name in candidates)
        teller = DeedField(
            "teller", Text("另一监票人", "The other teller"), value=other_teller(recording.package, row.role)
        )
        yield Deed("hall", "", case.id, OFFICE, verb_words("hall"), about=row.title, fields=(*letters, teller))
        yield Deed("close_vote", "", case.id, OFFICE, verb_words("close_vote"), about=row.title, fields=(_REASON,))


def _iterate_preliminaries(recording: Recording) -> Iterator[Deed]:
    organisations = tuple((nick, recording.name_of(nick).zh) for nick in recording.draft.organisations)
    whose = DeedField("for", Text("哪个组织", "Which organisation"), options=organisations)
    award = recording.package.award
    tiers = tuple((tier.id, tier.text.zh) for tier in award.tiers)
    yield Deed("award", "", 0, "", verb_words("award"), fields=(
        whose, DeedField("tier", Text("奖项", "Tier"), options=tiers),
        DeedField("decided_on", Text("决定日期", "Decided on"), "day"),
        DeedField("round", Text("届次", "Round"), required=False),
        DeedField("revoked_on", Text("撤销日期", "Revoked on"), "day", required=False),
    ))  # fmt: skip
    yield Deed("sanction", "", 0, "", verb_words("sanction"), fields=(
        whose, DeedField("ground", Text("事由（条件编号或文字）", "Ground (a finding's id, or words)")),
        DeedField("from_day", Text("自哪日起", "From"), "day"),
        DeedField("last_day", Text("至哪日", "Until"), "day", required=False),
    ))  # fmt: skip
    experts = tuple((str(n), str(n)) for n in _iterate_experts(recording.draft.steps))
    if experts:
        yield Deed("interest", "", 0, "", verb_words("interest"), fields=(
            DeedField("expert", Text("专家", "Expert"), options=experts), whose,
            DeedField("text", Text("说明", "In words"), required=False),
        ))  # fmt: skip


def _iterate_experts(steps: list[Mapping[str, object]] | list[dict[str, object]]) -> Iterator[object]:
    for step in steps:
        expert = step.get("expert")
        if isinstance(expert, Mapping) and "name" in expert:
            yield expert["name"]


_RECORDS = ("award", "sanction", "interest")
_BY_REASON = ("suspend", "resume", "close_vote")


def deed_row(recording: Recording, deed: Deed, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the step that does ``deed`` with what was ``inputs``: values of its form, or of its fields. Raises Invalid."""
    field_values = (
        {} if deed.form else {field.key: value for field in deed.fields if (value := _read_field(field, inputs)) != ""}
    )
    if deed.verb in _RECORDS:
        return {deed.verb: field_values}
    with recording.stage.desk.store.read() as tx:
        case = tx.cases.get(deed.case)
    nick = recording.nick(case)
    row: dict[str, Any] = {"as": deed.who} if deed.who else {}
    if deed.verb == "lodge":
        row |= {"lodge": deed.what, "parent": nick, "name": recording.fresh_nick(f"{nick}{deed.name.zh}")}
        row |= {"notice": deed.notice} if deed.notice else {}
    elif deed.verb in _BY_REASON:
        row |= {"case": nick, deed.verb: field_values.pop("reason"), **field_values}
    elif deed.verb == "recuse":
        row |= {
            "case": nick,
            "recuse": {field_values["candidate"]: field_values["number"]},
            "reason": field_values["reason"],
        }
    elif deed.verb == "hall":
        letters = {key.removeprefix("letters."): v for key, v in field_values.items() if key.startswith("letters.")}
        row |= {"case": nick, "hall": letters, "teller": field_values["teller"]}
    else:
        row |= {"case": nick, deed.verb: deed.what, **field_values}
    if deed.form:
        values = {key: value for key, value in inputs.items() if value not in (None, "", [], {})}
        row |= {"with": values} if values else {}
    return row


def _read_field(field: DeedField, values: Mapping[str, Any]) -> Any:
    """Return what was typed for a field, "" for nothing; raises Invalid."""
    typed = str(values.get(field.key) or "").strip()
    if not typed:
        if field.required:
            raise Invalid(Text(f"请填写“{field.label.zh}”。", f"“{field.label.en}” is missing."))
        return ""
    if field.options and typed not in {value for value, _ in field.options}:
        raise Invalid(Text(f"请在“{field.label.zh}”里选择一项。", f"Choose one of “{field.label.en}”."))
    if field.kind == "tick":
        return True
    if field.kind == "number":
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
            raise Invalid(Text(f"“{field.label.zh}”应是整数。", f"“{field.label.en}” is a whole number."))
        return int(typed)
    if field.kind == "day":
        try:
            return read_day(typed).isoformat()
        except ValueError:
            raise Invalid(
                Text(f"“{field.label.zh}”请写成 2026-03-02。", f"Write “{field.label.en}” as 2026-03-02.")
            ) from None
    return typed
