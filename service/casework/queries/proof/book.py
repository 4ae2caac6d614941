"""The book of acts, and the log of what happened in cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.book.kinds import ActKind
from service.casework.access.case_access import require_case
from service.casework.access.guards import GUARDS, guarded
from service.casework.access.secrets import IDENTITY, STATE
from service.casework.desk.desk import Desk
from service.casework.lists import MOST, Line, ListColumn, ListSpec, Page, Say, Table
from service.casework.people.rights.seats import places_where
from service.casework.reading.history import EventView, events_of
from service.casework.reading.published import published, select_overseen_places, version_names
from service.catalog import Package
from service.catalog.parameters.value_words import value_words
from service.domain.calendar import CHINA, local_date
from service.domain.errors import NotAllowed, NotFound
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import ActFilter, CaseFilter, Transaction
from service.store.models import ActRow, CaseRow

PAGE = 50
HANDED_ON = 1_000
_READ = "book.read"
_CHAINS = {kind.chain: kind for kind in ActKind}
_NAMES = {
    "round_id": Text("届次", "round"), "case_id": Text("办件", "case"), "person_id": Text("人员", "person"),
    "expert_id": Text("专家", "expert"), "draft": Text("草稿", "draft"), "package": Text("流程包", "package"),
    "package_key": Text("流程包", "package"), "key": Text("流程包", "package"), "version": Text("版本", "version"),
    "submission_id": Text("申报表", "form"), "ballot_id": Text("表决", "ballot"),
    "task_id": Text("事项", "task"), "form_id": Text("已提交的表", "form sent"),
    "ident": Text("编号", "number"), "number": Text("编号", "number"), "batch": Text("批次", "batch"),
    "move": Text("迁移", "move"), "full": Text("含个人信息", "with personal data"),
}  # fmt: skip
"""How arguments of use cases are called in the book."""
_FIELDS = {
    "name": Text("姓名", "name"), "email": Text("邮箱", "e-mail"), "telephone": Text("电话", "telephone"),
    "value": Text("数值", "value"),
}  # fmt: skip
"""What changed of a person or a setting, as it is called in the book."""
_REFUSED = {
    "wrong_password": Text("密码不对", "wrong password"), "wrong_code": Text("动态口令不对", "wrong code"),
    "wrong_passkey": Text("通行密钥不对", "wrong passkey"),
    "step_up_needed": Text("没有再次确认是本人", "who it was had not been proved again"),
    "second_factor_needed": Text("没有用第二重验证登录", "signed in without a second factor"),
    "too_many_tries": Text("尝试次数过多", "too many tries"),
    "not_declared": Text("利害关系尚未申明，或者尚未决定是否回避", "an interest is not yet declared or decided on"),
    "address_not_allowed": Text("来源地址不在允许的范围", "the address is not admitted"),
}  # fmt: skip
"""Why an act was refused, by the code of the refusal."""
_Names = Mapping[str, Mapping[int, str]]
OUTCOMES = {"done": Text("完成", "done"), "refused": Text("被拒绝", "refused")}
"""How an act ended, by what the address of the book says."""


@dataclass(frozen=True, slots=True)
class BookQuery:
    """What of the book: ``kind`` the name of a chain, ``text`` in names and words, from day to day, both included.

    ``by_people``: without what the program entered by itself, such as digests of what decides. ``outcome``: one of
    `OUTCOMES`, "" for both. ``own_reading``: also each time that the reader looked into the book. ``case_id``: of one case.
    """

    kind: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    by_people: bool = False
    outcome: str = ""
    own_reading: bool = True
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An entry as people read it; ``changes`` are what changed, before and after, personal data masked.

    ``why`` it was refused, None where it was done; ``case_id`` is the case it concerns, where the reader may read its acts.
    ``tried`` is the address at which somebody was turned away, "" where the book does not say it.
    """

    row: ActRow
    kind: Text
    action: Text
    outcome: Text
    about: Text
    changes: tuple[tuple[Text, Text, Text], ...] = ()
    why: Text | None = None
    case_id: int | None = None
    tried: str = ""


BOOK: ListSpec[BookEntry] = ListSpec(
    "/book",
    Text("操作日志", "Book of acts"),
    (
        ListColumn(Text("日期", "Date"), lambda line, _say: local_date(line.row.at), kind=CellKind.DAY),
        ListColumn(Text("时间", "Time"), lambda line, _say: f"{line.row.at.astimezone(CHINA):%H:%M}"),
        ListColumn(Text("类别", "Kind"), lambda line, say: say(line.kind)),
        ListColumn(Text("人员", "Person"), lambda line, say: say(line.row.actor)),
        ListColumn(Text("操作", "Act"), lambda line, say: say(line.action)),
        ListColumn(Text("对象", "About"), lambda line, say: say(line.about)),
        ListColumn(Text("改动", "Changed"), lambda line, say: "；".join(_list_change_words(line, say))),
        ListColumn(Text("理由", "Reason"), lambda line, _say: line.row.data.get("reason") or ""),
        ListColumn(Text("来源", "From"), lambda line, _say: line.row.origin or ""),
        ListColumn(Text("结果", "Outcome"), lambda line, say: say(line.outcome)),
        ListColumn(Text("拒绝原因", "Why refused"), lambda line, say: say(line.why) if line.why else ""),
        ListColumn(Text("要打开的地址", "Tried to open"), lambda line, _say: line.tried),
    ),
    conditions=("kind", "q", "since", "until", "outcome", "program", "own", "case"),
)


def _list_change_words(line: BookEntry, say: Say) -> list[str]:
    return [f"{say(what)}：{say(before)} → {say(after)}" for what, before, after in line.changes]


FindAddress = Callable[[ActRow], str]
"""Tells at which address somebody was turned away, "" where the book does not say it."""


@guarded("book.export")
def export_book(desk: Desk, actor: Actor, query: BookQuery, say: Say, find_address: FindAddress) -> Table:
    """Return the entries that fit as a table, newest first, `MOST` at most; raises NotFound for an unknown kind of act."""
    with desk.store.read() as tx:
        lines = _collect_lines(lambda before: find_entries(desk, tx, actor, query, before, find_address))
    table = BOOK.make_table(lines, say)
    return table._replace(title=_name_export(query))


def _name_export(query: BookQuery) -> str:
    """Return what the table is called, with the days and the outcome it is narrowed to."""
    days = [f"{day:%Y%m%d}" if day else "" for day in (query.since, query.until)]
    period = "-".join(dict.fromkeys(days)) if any(days) else ""
    return "".join((BOOK.name.zh, period, OUTCOMES[query.outcome].zh if query.outcome else ""))


def _collect_lines(read: Callable[[int | None], Page[Line, int]]) -> list[Line]:
    """Return the lines of page after page, `MOST` at most."""
    page = read(None)
    lines = list(page.lines)
    while len(lines) < MOST and page.after is not None:
        page = read(page.after)
        lines += page.lines
    return lines[:MOST]


@guarded(_READ)
def read_book(
    desk: Desk, actor: Actor, query: BookQuery, before: int | None = None, find_address: FindAddress = lambda _: ""
) -> Page[BookEntry, int]:
    """Return entries of the places whose book ``actor`` reads, newest first; that it was read is entered too.

    Raises:
        NotFound: there is no such kind of act.
    """
    with desk.store.read() as tx:
        return find_entries(desk, tx, actor, query, before, find_address)


def find_entries(
    desk: Desk, tx: Transaction, actor: Actor, query: BookQuery, before: int | None, find_address: FindAddress
) -> Page[BookEntry, int]:
    """Return entries as `read_book`, for whoever has entered that the book is read."""
    if query.kind and query.kind not in _CHAINS:
        raise NotFound(Text(f"没有“{query.kind}”这一类操作。", f"There is no kind of act “{query.kind}”."))
    places = places_where(actor, lambda seat: seat.audits)
    wanted = ActFilter(
        places,
        query.kind or None,
        query.text.strip(),
        since=_get_midnight(query.since) if query.since else None,
        before_time=_get_midnight(query.until + timedelta(days=1)) if query.until else None,
        by_people=query.by_people and query.kind != ActKind.RECORD.chain,
        refused=query.outcome == "refused" if query.outcome in OUTCOMES else None,
        without=None if query.own_reading or actor.person_id is None else (actor.person_id, _READ),
        case_id=query.case_id,
    )
    act_rows = tx.acts.search(wanted, before, PAGE)
    names, files = _names_of(tx, act_rows.rows), _name_files(tx, act_rows.rows)
    publications = {package.key: package for package in published(desk, tx).packages}
    versions = _name_versions(tx, act_rows.rows, publications)
    about_cases = {row.id: case_id for row in act_rows.rows if (case_id := _case_of(row)) is not None}
    chosen = CaseFilter(places, ids=sorted(set(about_cases.values())), recused=sorted(actor.recused))
    readable = set(tx.cases.search_ids(chosen, PAGE))
    # beside each other the newest stand first; only a clock moved by hand lets numbers and days differ
    rows = sorted(act_rows.rows, key=lambda row: row.at, reverse=True)
    entries = (_with_file(entry_of(row, names, publications, versions), files) for row in rows)
    linked = (
        replace(
            line,
            case_id=about_cases[line.row.id] if about_cases.get(line.row.id) in readable else None,
            tried=find_address(line.row) if line.row.outcome != "done" else "",
        )
        for line in entries
    )
    return Page(tuple(linked), act_rows.resume)


def _with_file(line: BookEntry, files: Mapping[str, str]) -> BookEntry:
    name = files.get(str(line.row.data.get("after", {}).get("file", "")))
    return replace(line, about=Text(f"{line.about.zh}“{name}”", f"{line.about.en} “{name}”")) if name else line


def _case_of(row: ActRow) -> int | None:
    call, taken = row.data.get("asked", {}), row.data.get("after", {})
    case_id = call.get("case_id", call.get("round_id", taken.get("case")))
    return case_id if isinstance(case_id, int) else None


def _why_refused(row: ActRow) -> Text | None:
    """Return why an act was refused, None where it was done."""
    if row.outcome == "done":
        return None
    guard = GUARDS.get(row.action)
    if row.outcome != NotAllowed.code or guard is None:
        return _REFUSED.get(row.outcome, Text(f"拒绝代码 {row.outcome}", f"code {row.outcome}"))
    zh, en = "、".join(who.value.zh for who in guard.who), "; ".join(who.value.en for who in guard.who)
    return Text(f"由{zh}办理，当时没有相应的角色，或者不归其办理", f"for {en}: no such role then, or not theirs to do")


def _names_of(tx: Transaction, rows: Sequence[ActRow]) -> _Names:
    """Return the cases and people that the calls of ``rows`` gave by number, by what they are called."""
    call_values = [row.data.get("asked", {}) for row in rows if not row.about]
    cases, people = (
        sorted({int(values[key]) for values in call_values for key in keys if key in values})
        for keys in (("case_id", "round_id"), ("person_id",))
    )
    titles = tx.cases.titles(cases)
    tasks = {int(values["task_id"]) for values in call_values if "task_id" in values}
    return {
        "case_id": titles,
        "round_id": titles,
        "person_id": tx.people.named(set(people)),
        "task_id": {row.id: row.title for row in tx.tasks.select(id=sorted(tasks))} if tasks else {},
    }


def _name_files(tx: Transaction, rows: Sequence[ActRow]) -> Mapping[str, str]:
    """Return the names of the uploaded files that ``rows`` tell of, where they reveal nobody: the book holds only numbers."""
    idents = {ident for row in rows if isinstance(ident := row.data.get("after", {}).get("file"), str)}
    files = tx.uploads.select(id=sorted(idents)) if idents else ()
    return {file.id: file.name for file in files if file.erased_at is None and file.secret not in (IDENTITY, STATE)}


def _name_versions(tx: Transaction, rows: Sequence[ActRow], packages: Iterable[str]) -> Mapping[str, Text]:
    """Return the versions that the calls of ``rows`` gave by their marks, by what people call them."""
    marks = {row.data.get("asked", {}).get("version") for row in rows if not row.about} - {None}
    named = {
        mark: name for key in packages if marks for mark, name in version_names(tx.definitions.of_package(key)).items()
    }
    return {mark: name for mark, name in named.items() if mark in marks}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What happened in a case."""

    case: CaseRow
    event: EventView


LOG: ListSpec[LogEntry] = ListSpec(
    "/log",
    Text("办理日志", "Log of cases"),
    (
        ListColumn(Text("日期", "Date"), lambda line, _say: local_date(line.event.at), kind=CellKind.DAY),
        ListColumn(Text("时间", "Time"), lambda line, _say: f"{line.event.at.astimezone(CHINA):%H:%M}"),
        ListColumn(Text("办件", "Case"), lambda line, say: say(line.case.title)),
        ListColumn(Text("编号", "Number"), lambda line, _say: line.case.number or ""),
        ListColumn(Text("事项", "What"), lambda line, say: say(line.event.text)),
        ListColumn(Text("理由", "Reason"), lambda line, _say: line.event.reason),
        ListColumn(Text("办理人", "Who"), lambda line, say: say(line.event.who)),
    ),
    conditions=("q", "since", "until"),
)


@guarded("case.export")
def export_log(desk: Desk, actor: Actor, text: str, since: date | None, until: date | None, say: Say) -> Table:
    """Return the entries of the log that fit as a table, newest first, `MOST` at most."""
    describe_current_act("导出办理日志")
    return LOG.make_table(_collect_lines(lambda before: read_log(desk, actor, text, before, since, until)), say)


@guarded("monitor.view")
def read_log(
    desk: Desk,
    actor: Actor,
    text: str = "",
    before: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page[LogEntry, int]:
    """Return what happened in the cases of the places that ``actor`` oversees, newest first; none of those they are recused from.

    From the day ``since`` to the day ``until``, both included.
    """
    with desk.store.read() as tx:
        log_page = tx.history.search(
            select_overseen_places(actor, published(desk, tx).jurisdictions()),
            text.strip(),
            before,
            PAGE,
            since=_get_midnight(since) if since else None,
            before_time=_get_midnight(until + timedelta(days=1)) if until else None,
        )
        chosen = CaseFilter(ids=sorted({row.case_id for row in log_page.rows}), recused=sorted(actor.recused))
        cases = {row.id: row for row in tx.cases.search(chosen, None, PAGE)}
    rows = [row for row in log_page.rows if row.case_id in cases]
    events = zip(rows, events_of(rows), strict=True)
    return Page(tuple(LogEntry(cases[row.case_id], event) for row, event in events), log_page.resume)


@guarded("work.run")
def book_after(desk: Desk, actor: Actor, after: int) -> list[ActRow]:  # noqa: ARG001  the guard looks at the actor
    """Return the entries after number ``after``, oldest first; none that an entry still being made could come before."""
    with desk.store.write() as tx:
        settled = tx.acts.settled()
        return [row for row in tx.acts.select(after=after, limit=HANDED_ON) if row.id <= settled]


def act_as_json(row: ActRow) -> dict[str, object]:
    """Return an entry as the interface and `laurel audit export` give it."""
    return {
        "id": row.id, "kind": row.chain, "seq": row.seq, "at": row.at, "jurisdiction": row.jurisdiction,
        "actor": row.actor, "person": row.person_id, "origin": row.origin, "action": row.action, "about": row.about,
        "outcome": row.outcome, "data": row.data, "hash": row.hash,
    }  # fmt: skip


def entry_of(
    row: ActRow, names: _Names, publications: Mapping[str, Package], versions: Mapping[str, Text]
) -> BookEntry:
    """Return a row with its names in words, packages by their awards and versions by their days."""
    guard = GUARDS.get(row.action)
    action = guard.title if guard else Text(row.action, row.action)
    about = Text(row.about, row.about) if row.about else _call_words(row.data.get("asked", {}), names)
    for key, package in publications.items():
        award = package.award.text
        about = Text(about.zh.replace(key, award.zh), about.en.replace(key, award.en))
    for mark, name in versions.items():
        about = Text(about.zh.replace(f"版本 {mark}", name.zh), about.en.replace(f"version {mark}", name.en))
    outcome = OUTCOMES["done" if row.outcome == "done" else "refused"]
    return BookEntry(
        row, _CHAINS[row.chain].value, action, outcome, about, _list_changes(row, publications), _why_refused(row)
    )


def _list_changes(row: ActRow, publications: Mapping[str, Package]) -> tuple[tuple[Text, Text, Text], ...]:
    """Return what a person's data or a setting was before and is after, for what has a name in words."""
    before, after, call = (row.data.get(part, {}) for part in ("before", "after", "asked"))
    package = publications.get(str(call.get("package_key", "")))
    parameter = package.award.parameters.get(str(call.get("parameter", ""))) if package is not None else None

    def say_value(name: str, values: Mapping[str, Any]) -> Text:
        value = values.get(name)
        if name == "value" and parameter is not None:
            return value_words(parameter, value)
        return Text(str(value), str(value)) if value else Text("无", "none")

    named = [name for name in {**before, **after} if name in _FIELDS and (name != "value" or parameter is not None)]
    return tuple((_FIELDS[name], say_value(name, before), say_value(name, after)) for name in named)


def _call_words(values: Mapping[str, object], names: _Names) -> Text:
    """Return in words what a call was about, where nothing more was told of it."""
    named_values = [
        (_NAMES[name], names.get(name, {}).get(int(value), value) if isinstance(value, int) else value)
        for name, value in values.items()
        if name in _NAMES
    ]
    return Text("，".join(f"{n.zh} {v}" for n, v in named_values), ", ".join(f"{n.en} {v}" for n, v in named_values))


def _get_midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, CHINA)


@guarded("audit.verify")
def verify_case(desk: Desk, actor: Actor, case_id: int) -> int | None:
    """Return the number of the first event that was changed or is missing, None when the chain holds."""
    with desk.store.read() as tx:
        require_case(actor, tx.cases.get(case_id), tx)
        return tx.history.verify(case_id)
