"""What was done for each clause of the regulation in a round (依法办理清单), from tasks, documents, notices and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from service.casework.desk.desk import Desk
from service.casework.reading.results import would_show_objections
from service.casework.step.limits.days import last_day_of
from service.catalog import Element, Kind, Package
from service.catalog.coverage.coverage import list_package_citations
from service.catalog.coverage.matrix import ClauseStatus, build_coverage_matrix
from service.catalog.law.law import Clause
from service.catalog.parameters.value_words import value_words
from service.domain.calendar import local_date
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.store import NEVER, Transaction
from service.store.models import CaseRow, DocumentRow, FindingRow, NoticeRow, TaskRow, VisitRow

_RESULTS = {"met": Text("符合", "met"), "not_met": Text("不符合", "not met"), "unknown": Text("待核实", "unknown")}
_UNITS = {"working_days": Text("个工作日", " working days"), "calendar_days": Text("天", " days")}
_STATES = {
    "corrected": Text("已更正", "corrected"),
    "recalled": Text("已收回", "recalled"),
    "running": Text("进行中", "running"),
}
_WRITING = ("document.", "notice.")
"""Operations of which a document or a notice is on record, which says more than that the step was passed."""
_AUTOMATIC, _BY_ITSELF = "automatic", "系统"
_MOST = 3
"""So many people or documents of a step are named, the others counted."""


class ClauseState(Enum):
    """How far a round is with a clause."""

    DONE = Text("已办", "done")
    OPEN = Text("在办", "under way")
    LATE = Text("已办，有逾期", "done, some late")
    SETTING = Text("按设置执行", "by its settings")
    UNUSED = Text("本届没有办理记录", "nothing on record in this round")
    WAITING = Text("尚未办到", "not reached yet")
    WORDS = Text("文字体现", "words only")
    OUTSIDE = Text("不在流程之内", "outside the procedure")
    INFORMATIVE = Text("说明性条款", "informative")


@dataclass(frozen=True, slots=True)
class ClauseDeed:
    """A step with all its repetitions in a round: ``done`` and ``open`` times, ``late`` of them after their last day.

    ``due`` are the earliest and the latest of its last days, ``days`` those on which it was done; None where there are none.
    """

    step: Text
    who: str
    done: int
    open: int
    due: tuple[date, date] | None
    days: tuple[date, date] | None
    late: int
    papers: tuple[str, ...]
    words: Text


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """A clause with what was done for it; ``reason`` says why nothing needs to be, ``settings`` what held for the round."""

    clause: Clause
    state: ClauseState
    deeds: tuple[ClauseDeed, ...]
    settings: tuple[tuple[Text, Text], ...]
    reason: str = ""


def clause_lines(records: Iterable[ClauseRecord]) -> tuple[list[str], list[list[str]]]:
    """Return the list as a table in Chinese, for documents and archives: its heads, and a row for every deed.

    Clause and result stand in the first row of a clause alone.
    """
    rows: list[list[str]] = []
    for record in records:
        clause = [record.state.value.zh, f"{record.clause.article}　{record.clause.summary}"]
        settings_text = "；".join(f"{name.zh}：{value.zh}" for name, value in record.settings[:_MOST])
        for deed in record.deeds:
            papers = "；".join((*deed.papers, deed.words.zh)).strip("；")
            cells = [
                "：".join(filter(None, (deed.step.zh, deed.who))),
                _write_span(deed.due),
                _write_done(deed),
                papers,
            ]
            rows.append([*clause, *(cell or "—" for cell in cells)])
            clause = ["", ""]
        if not record.deeds:
            rows.append([*clause, record.reason or settings_text or "—", *("—",) * 3])
    return ["结果", "条款和要点", "办理事项和单位", "应于", "实际", "文书和情况"], rows


def _write_done(deed: ClauseDeed) -> str:
    several = deed.late or deed.done + deed.open > 1
    counted = [
        f"{deed.done}件" if deed.done and several else "",
        f"在办{deed.open}件" if deed.open else "",
        f"逾期{deed.late}件" if deed.late else "",
    ]
    days, counts = _write_span(deed.days), "，".join(filter(None, counted))
    return f"{days}（{counts}）" if days and counts else days or counts or "在办"


def _write_span(days: tuple[date, date] | None) -> str:
    """Return a day, or the first and the last of several, the year of the last where it is another; "" where there is none."""
    if days is None:
        return ""
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in days)
    if first == last:
        return first
    return f"{first}至{last.removeprefix(f'{days[0].year}年')}"


@dataclass(slots=True)
class _Tally:
    """What was gathered of a step so far."""

    step: Text
    roles: dict[str, None] = field(default_factory=dict)
    people: dict[str, None] = field(default_factory=dict)
    done: int = 0
    open: int = 0
    late: int = 0
    due: list[date] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    papers: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    words: dict[Text, None] = field(default_factory=dict)


def record_clauses(
    desk: Desk, tx: Transaction, root: CaseRow, mask: Callable[[str], str] = str
) -> tuple[ClauseRecord, ...]:
    """Return every clause of the regulation under which the round ``root`` runs, in the order of its text.

    Roles and bodies are named, with the people of offices who acted; experts, voters and applicants without people.
    ``mask`` masks what is written of names.
    """
    gathering = _Gathering(desk, tx, root, mask)
    gathering.gather()
    package = gathering.package
    settings = _collect_settings(package, root)
    return tuple(
        _build_record(root, line.clause, line.status, line.reason, gathering.deeds(line.clause.id), settings.get(line.clause.id, ()))
        for line in build_coverage_matrix((package,)).lines
    )  # fmt: skip


def _build_record(
    root: CaseRow, clause: Clause, status: ClauseStatus, reason: str, deeds: tuple[ClauseDeed, ...],
    settings: tuple[tuple[Text, Text], ...],
) -> ClauseRecord:  # fmt: skip
    if deeds:
        late = any(deed.late for deed in deeds)
        state = ClauseState.LATE if late else ClauseState.DONE
        state = ClauseState.OPEN if any(deed.open for deed in deeds) else state
    elif status in _NOT_DONE:
        state = _NOT_DONE[status]
    elif settings:
        state = ClauseState.SETTING
    else:
        state = ClauseState.UNUSED if root.status == "ended" else ClauseState.WAITING
    return ClauseRecord(clause, state, deeds, settings, "" if deeds else reason)


_NOT_DONE = {
    ClauseStatus.WORDS_ONLY: ClauseState.WORDS,
    ClauseStatus.OUTSIDE: ClauseState.OUTSIDE,
    ClauseStatus.INFORMATIVE: ClauseState.INFORMATIVE,
}


def _collect_settings(package: Package, root: CaseRow) -> Mapping[str, tuple[tuple[Text, Text], ...]]:
    settings_by_clause: dict[str, list[tuple[Text, Text]]] = {}
    for ident, value in (root.parameters or {}).items():
        parameter = package.award.parameters.get(ident)
        if parameter is not None:
            for clause in parameter.clauses:
                settings_by_clause.setdefault(clause, []).append((parameter.text, value_words(parameter, value)))
    return {clause: tuple(pairs) for clause, pairs in settings_by_clause.items()}


class _Gathering:
    """Gathers the steps of a round by the clauses that they carry out."""

    def __init__(self, desk: Desk, tx: Transaction, root: CaseRow, shown: Callable[[str], str]) -> None:
        self.package = desk.packages.get(root.definition, tx)
        self._tx, self._root, self._shown, self._now = tx, root, shown, desk.clock.now()
        self._cases = {case.id: case for case in tx.cases.tree(root.id)}
        self._packages = {id_: desk.packages.get(id_, tx) for id_ in {c.definition for c in self._cases.values()}}
        self._steps: dict[tuple[str, ...], _Tally] = {}
        self._cited: dict[str, dict[tuple[str, ...], None]] = {}

    def gather(self) -> None:
        """Read what is on record, kind by kind: what comes first stands first beside a clause."""
        visits = self._tx.branch.select(VisitRow, self._root.id)
        self._add_beginnings()
        self._add_visits(visits)
        self._add_tasks(self._tx.branch.select(TaskRow, self._root.id))
        for finding in self._tx.branch.select(FindingRow, self._root.id):
            if finding.current:
                self._add_finding(finding)
        for notice in self._tx.branch.select(NoticeRow, self._root.id):
            self._add_notice(notice)
        writers = self._map_writers(visits)
        for document in self._tx.branch.select(DocumentRow, self._root.id):
            self._add_document(document, writers.get((document.case_id, document.template), ()))

    def deeds(self, clause: str) -> tuple[ClauseDeed, ...]:
        """Return what was done for a clause, in the order of the days."""
        cited = self._cited.get(clause, {})
        # What the program did by itself says nothing beside what people did and what was issued on it.
        step_keys = [key for key in cited if key[0] != _AUTOMATIC] or cited
        tallies = [self._steps[key] for key in step_keys]
        return tuple(
            _build_deed(tally)
            for tally in sorted(tallies, key=lambda step_tally: min(step_tally.days, default=date.max))
        )

    def _add_step(self, key: tuple[str, ...], step: Text, clauses: Iterable[str]) -> _Tally:
        for clause in clauses:
            self._cited.setdefault(clause, {})[key] = None
        return self._steps.setdefault(key, _Tally(step))

    def _get_package(self, case_id: int) -> Package:
        return self._packages[self._cases[case_id].definition]

    def _add_beginnings(self) -> None:
        for case in self._cases.values():
            info = self._get_package(case.id).award.processes.get(case.process)
            if info is not None and info.clauses:
                step = Text(f"发起“{info.name}”", f"Begin: {info.text.en}")
                self._count_deed(self._add_step(("begun", case.process), step, info.clauses), case.started_at)

    def _add_visits(self, visits: Iterable[VisitRow]) -> None:
        for visit in visits:
            package = self._get_package(visit.case_id)
            diagram = package.processes.get(visit.process_id)
            element = diagram.elements.get(visit.element) if diagram is not None else None
            if element is None or not _is_program_act(element.kind, element.outcome):
                continue
            if element.operation is not None and element.operation.operation.startswith(_WRITING):
                continue
            clauses = package.clauses_anywhere(element, self._root_of(visit.case_id))
            if clauses:
                tally = self._add_step(
                    (_AUTOMATIC, visit.process_id, visit.element), _to_text(element.name or element.id), clauses
                )
                tally.roles[_BY_ITSELF] = None
                self._count_deed(tally, visit.at)

    def _root_of(self, case_id: int) -> str:
        info = self._get_package(case_id).award.processes.get(self._cases[case_id].process)
        return info.process if info is not None else ""

    def _add_tasks(self, rows: Iterable[TaskRow]) -> None:
        rows = [row for row in rows if row.state != "cancelled"]
        people, bodies = self._tx.people.called(
            {row.done_by for row in rows if row.done_by}, {row.body_id for row in rows if row.body_id}
        )
        for row in rows:
            package = self._get_package(row.case_id)
            diagram = package.processes.get(row.process_id)
            element = diagram.elements.get(row.element) if diagram is not None else None
            name = element.name if element is not None and element.name else row.title
            clauses = [*row.clauses, *_of_form(package, row.form)]
            tally = self._add_step(("task", row.process_id, row.element, *row.clauses), _to_text(name), clauses)
            role = package.jurisdiction.roles.get(row.role)
            body = bodies.get(row.body_id or 0)
            tally.roles[self._shown(body) if body and row.kind != "ballot" else role.text.zh if role else row.role] = (
                None
            )
            personal = row.personal or (element is not None and "assignee" in element.properties)
            if row.done_by in people and not personal and not (role is not None and role.subject):
                tally.people[self._shown(people[row.done_by])] = None
            if row.due_at != NEVER:
                tally.due.append(last_day_of(row.due_at, row.due_reason))
            if row.state == "open":
                tally.open += 1
                tally.late += row.due_at <= self._now
            else:
                tally.done += 1
                if row.done_at is not None:  # a vote has none
                    tally.late += row.done_at >= row.due_at
                    tally.days.append(local_date(row.done_at))

    def _add_finding(self, row: FindingRow) -> None:
        tally = self._add_step(("finding", row.table, row.ground), _to_text(row.text), row.clauses)
        tally.counts[row.result] += 1
        self._count_deed(tally, row.at)

    def _add_notice(self, row: NoticeRow) -> None:
        package = self._get_package(row.case_id)
        drawn = (e for d in package.processes.values() if (e := d.elements.get(row.element)) is not None)
        clauses = {c for element in drawn for c in package.clauses_anywhere(element, self._root_of(row.case_id))}
        announced = bool(row.content.get("announcement"))
        name = Text("公告", "Announcement") if announced else Text("公示", "Notice")
        cited = dict.fromkeys((*row.clauses, *sorted(clauses)))
        tally = self._add_step(("notice", row.element, row.kind, *cited), name, cited)
        tally.roles[_BY_ITSELF] = None
        tally.papers[self._shown(row.title)] += 1
        tally.done += 1
        tally.days += [row.first_day, row.last_day]
        length, unit = row.period.get("length"), _UNITS.get(str(row.period.get("unit")))
        length_texts = [Text(f"{length}{unit.zh}", f"{length}{unit.en}")] if not announced and length and unit else []
        length_texts += [_STATES[row.state]] if row.state in _STATES else []
        if row.objections:
            length_texts.append(Text(f"异议{row.objections}件", counted(row.objections, "objection")))
        elif row.state == "closed" and length_texts and would_show_objections(row):
            length_texts.append(Text("无异议", "no objection"))
        if length_texts:
            tally.words[
                Text(
                    "，".join(length_text.zh for length_text in length_texts),
                    ", ".join(length_text.en for length_text in length_texts),
                )
            ] = None

    def _map_writers(self, visits: Iterable[VisitRow]) -> Mapping[tuple[int, str], Iterable[str]]:
        """Return the clauses of the passed steps that issue a document, by case and template."""
        clauses_by_document: dict[tuple[int, str], dict[str, None]] = {}
        for visit in visits:
            package = self._get_package(visit.case_id)
            diagram = package.processes.get(visit.process_id)
            element = diagram.elements.get(visit.element) if diagram is not None else None
            if element is None or element.operation is None:
                continue
            template = _template_of(element)
            clauses = package.clauses_anywhere(element, self._root_of(visit.case_id)) if template else ()
            clauses_by_document.setdefault((visit.case_id, template), {}).update(dict.fromkeys(clauses))
        return clauses_by_document

    def _add_document(self, row: DocumentRow, clauses: Iterable[str]) -> None:
        # A template is cited for all its uses; this document carries out what the step that issued it does.
        elsewhere = _issued_for(self._get_package(row.case_id)).get(row.template, frozenset())
        cited = dict.fromkeys((*clauses, *(clause for clause in row.clauses if clause not in elsewhere)))
        tally = self._add_step(("document", row.template, *cited), Text("制发文书", "Document issued"), cited)
        tally.roles[_BY_ITSELF] = None
        number = row.number or str(row.content.get("number") or "")
        tally.papers[self._shown(f"《{row.title}》{number}")] += 1
        self._count_deed(tally, row.issued_at)

    def _count_deed(self, tally: _Tally, at: datetime) -> None:
        tally.done += 1
        tally.days.append(local_date(at))


def _template_of(element: Element) -> str:
    return element.operation.parameters.get("template", "").strip('"') if element.operation is not None else ""


def _issued_for(package: Package) -> Mapping[str, frozenset[str]]:
    """Return the clauses of all steps that issue a document, by its template."""

    def by_template() -> Mapping[str, frozenset[str]]:
        template_clauses: dict[str, frozenset[str]] = {}
        for diagram in package.processes.values():
            for element in filter(_template_of, diagram.elements.values()):
                template = _template_of(element)
                template_clauses[template] = template_clauses.get(template, frozenset()) | frozenset(
                    package.clauses_anywhere(element)
                )
        return template_clauses

    clauses_by_template: Mapping[str, frozenset[str]] = package.derived("clauses of issuing steps", by_template)
    return clauses_by_template


def _is_program_act(kind: Kind, outcome: str) -> bool:
    return kind in (Kind.SERVICE_TASK, Kind.RULE_TASK) or (kind is Kind.END and bool(outcome))


def _of_form(package: Package, form: str | None) -> tuple[str, ...]:
    """Return the clauses that a form and its fields cite."""
    cited: Mapping[str, tuple[str, ...]] = package.derived("clauses of forms", lambda: _by_form(package))
    return cited.get(package.forms.get(form or "", ""), ())


def _by_form(package: Package) -> Mapping[str, tuple[str, ...]]:
    clauses_by_form: dict[str, dict[str, None]] = {}
    for citation in list_package_citations(package):
        if citation.kind in ("form", "form_field"):
            clauses_by_form.setdefault(citation.file, {})[citation.clause] = None
    return {file: tuple(clauses) for file, clauses in clauses_by_form.items()}


def _build_deed(tally: _Tally) -> ClauseDeed:
    who = "、".join(list(tally.roles)[:_MOST]) + (f"等{len(tally.roles)}家" if len(tally.roles) > _MOST else "")
    if tally.people:
        names = "、".join(list(tally.people)[:_MOST])
        who += f"（{names}{f'等{len(tally.people)}人' if len(tally.people) > _MOST else ''}）"
    papers = [f"{paper}{f'（{count}份）' if count > 1 else ''}" for paper, count in [*tally.papers.items()][:_MOST]]
    papers += [f"等{tally.papers.total()}件"] if len(tally.papers) > _MOST else []
    words = [_result_words(result, count) for result, count in tally.counts.items()] + [*tally.words]
    return ClauseDeed(
        tally.step, who, tally.done, tally.open, _find_span(tally.due), _find_span(tally.days), tally.late, tuple(papers),
        Text("；".join(word.zh for word in words), "; ".join(word.en for word in words)),
    )  # fmt: skip


def _result_words(result: str, count: int) -> Text:
    word = _RESULTS.get(result, _to_text(result))
    return Text(f"{word.zh}{count}件", f"{count} {word.en}")


def _to_text(name: str) -> Text:
    """Return a name that pages say in English where the package does."""
    return Text(name, name)


def _find_span(days: list[date]) -> tuple[date, date] | None:
    return (min(days), max(days)) if days else None
