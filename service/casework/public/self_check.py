"""The self-check before applying: which conditions an organisation meets by its own answers, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.calendars import parameters_on
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.public.throttle import CHECK, count_attempt
from service.casework.reading.citations import CitedArticle, cite
from service.casework.step.decide import finding_of
from service.casework.step.fill import form_settings
from service.casework.step.submission import FormInvalid
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_kinds
from service.catalog.form_fields.uploads import papers_of
from service.catalog.formula_help.words import called
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import CHINA, local_date
from service.domain.decisions import DecisionTable, RowResult
from service.domain.errors import NotFound
from service.domain.forms import Form, InputType
from service.domain.forms.asked import boxes_of, lists_of, owed_lists, restrict_form_fields
from service.domain.forms.model import Input, key_of, same_object
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.engine import Environment
from service.sdk import Finding
from service.store import CaseFilter, Transaction

_OF_CASE = "case"
_DECIDES = "met"
"""The column that decides; what the columns of words and evidence read is asked by nobody."""

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The self-check of a package: ``form`` is asked, its answers stand in the forms ``start`` and ``application``.

    ``started`` are the keys of ``form`` that belong to the start form, ``boxes`` the paths of boxes that stand for
    files and long texts, ``lists`` those of lists, ``finders`` who fills in each form that applicants do not.
    ``of_case`` is the path of the answer by fact of the case, ``outside`` what the application reads from outside.
    """

    process: ProcessInfo
    table: DecisionTable
    form: Form
    application: str
    started: frozenset[str]
    boxes: Mapping[Names, InputType]
    lists: frozenset[Names]
    finders: Mapping[str, Text]
    of_case: Mapping[str, Names]
    outside: Mapping[str, object]


def questions_of(desk: Desk, package: Package) -> Questions:
    """Return the questions, put together once per version; raises NotFound where the city has nothing to ask."""
    questions = package.derived("self-check", lambda: _find_questions(desk, package))
    if questions is None:
        raise NotFound(Text("这里没有可以自查的申报条件。", "There are no conditions here that one could check."))
    return questions


def can_be_checked(package: Package) -> bool:
    """Return whether the package has an eligibility table over what its applicants fill in."""
    return _table_of(package) is not None and bool(application_kinds(package))


def _table_of(package: Package) -> str | None:
    return next((ident for ident, table in package.tables.items() if table.is_eligibility), None)


def _find_questions(desk: Desk, package: Package) -> Questions | None:
    process = next(iter(application_kinds(package)), None)
    ident = _table_of(package)
    if process is None or ident is None:
        return None
    table = desk.packages.table(package, ident)
    read = _read_by(table)
    application = _find_application(package, process, read)
    if application is None:
        return None
    return _build_questions(desk, package, process, table, application, read)


def _build_questions(
    desk: Desk, package: Package, process: ProcessInfo, table: DecisionTable, application: str, read: frozenset[Names]
) -> Questions:
    form = desk.packages.form(package, application)
    apart = process.start_form != application and process.start_form
    start = desk.packages.form(package, apart) if apart else Form("", form.title, ())
    outside = _list_outside_values(package, application, start)
    facts = frozenset(path[1] for path in read if path[0] == _OF_CASE and len(path) > 1)
    of_case = {**_map_answering_fields(form, facts), **_map_answering_fields(start, facts)}
    wanted = {path[1:] for path in read if path[0] == application} | set(of_case.values())
    reduced_form = restrict_form_fields(form, wanted)
    cut = restrict_form_fields(start, {path[1:] for path in read if path[0] == start.id} | set(of_case.values()))
    first = tuple(node for node in cut.nodes if not isinstance(node, Input) or node.key not in outside)
    return Questions(
        process=process,
        table=table,
        form=Form(id=form.id, title=form.title, nodes=(*first, *reduced_form.nodes)),
        application=application,
        started=frozenset(key_of(node) for node in same_object(first)),
        boxes=boxes_of(form, reduced_form),
        lists=lists_of(reduced_form),
        finders=_map_finders(package),
        of_case=of_case,
        outside=outside,
    )


def _map_answering_fields(form: Form, facts: frozenset[str]) -> dict[str, Names]:
    """Return the fields that say a fact of the case by its own name."""
    single = (info for info in form.fields() if "[]" not in info.path)
    return {info.key: tuple(info.path.split(".")) for info in single if info.key in facts}


def _list_outside_values(package: Package, application: str, start: Form) -> dict[str, object]:
    """Return what the application reads of the start form from outside, as it is for whoever applies online."""
    names = str(package.form_properties(application).get("variables", "")).split()
    fields = {node.key: node for node in same_object(start.nodes) if isinstance(node, Input)}
    chosen = {name: fields[name].options for name in names if name in fields}
    return {name: options[0].value for name, options in chosen.items() if isinstance(options, tuple) and options}


def _read_by(table: DecisionTable) -> frozenset[Names]:
    """Return the paths that decide which grounds apply and whether they are met."""
    cells = [column.expression.get() for column in table.inputs]
    for rule in table.rules:
        cells += [
            cell.get() for output, cell in zip(table.outputs, rule.outputs, strict=True) if output.name == _DECIDES
        ]
    return frozenset(path for cell in cells for path in cell.paths)


def _find_application(package: Package, process: ProcessInfo, read: frozenset[Names]) -> str | None:
    """Return the form that the subject of a case fills in, at the latest at its start, and of which the table reads most."""
    roles = {key for key, role in package.jurisdiction.roles.items() if role.subject}
    elements = (element for diagram in package.processes.values() for element in diagram.elements.values())
    theirs = {element.form for element in elements if element.form and package.role_of(element) in roles}
    if process.start_form:
        theirs.add(process.start_form)
    counted = {form: sum(path[0] == form for path in read) for form in sorted(theirs)}
    best = max(counted, key=lambda form: counted[form], default=None)
    return best if best is not None and counted[best] else None


def _map_finders(package: Package) -> dict[str, Text]:
    """Return who fills in each form that is not for applicants."""
    roles = package.jurisdiction.roles
    elements = (element for diagram in package.processes.values() for element in diagram.elements.values())
    filled = {element.form: roles.get(package.role_of(element)) for element in elements if element.form}
    return {form: role.text for form, role in filled.items() if role is not None and not role.subject}


MET, NOT_MET, PREPARE, ANSWER, LATER = "met", "not_met", "prepare", "answer", "later"

_READY: Mapping[InputType, object] = MappingProxyType(
    {InputType.UPLOAD: [{"id": "ready", "name": "", "size": 0}], InputType.TEXTAREA: "……"}
)
"""What stands in the place of a file or a long text that the visitor has ready."""
_REGISTER = "register"
_NOBODY = Text("", "")


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The page of the self-check: ``form`` asks, ``day`` is the one to which years are counted.

    ``start`` is where an application is started, "" while no round takes any; ``round_title`` that round.
    """

    package: Package
    form: Form
    settings: Mapping[str, Any]
    today: date
    day: date
    start: str
    round_title: str


@dataclass(frozen=True, slots=True)
class CheckedGround:
    """Condition ``ground``: ``state`` met, not_met, prepare (a file or text is not ready), answer (an answer is missing), or later.

    Who finds out later is ``by``; ``missing`` are the answers not given, ``evidence`` the fields that the finding rests
    on, ``papers`` the files that prove it.
    """

    ground: str
    state: str
    text: str
    by: Text
    missing: tuple[Text, ...]
    evidence: tuple[Text, ...]
    papers: tuple[Text, ...]
    clauses: tuple[CitedArticle, ...]


@dataclass(frozen=True, slots=True)
class SelfChecked:
    """What the answers come to, condition by condition, and the answers as they were understood.

    ``possible_on``: the first day on which nothing is not met any more with the same answers, None where no waiting helps.
    """

    grounds: tuple[CheckedGround, ...]
    values: Mapping[str, Any]
    possible_on: date | None = None

    def of(self, state: str) -> tuple[CheckedGround, ...]:
        """Return the conditions in ``state``."""
        return tuple(ground for ground in self.grounds if ground.state == state)


@guarded("portal.view")
def view_self_check(desk: Desk, actor: Actor, package_key: str) -> SelfCheck:
    """Return the questions of package ``package_key`` ("jurisdiction/award"); raises NotFound."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        questions = questions_of(desk, package)
        today = local_date(desk.clock.now())
        return _build_page(tx, package, questions, parameters_on(tx, package, today), today)


@guarded("portal.view")
def check_oneself(desk: Desk, actor: Actor, package_key: str, values: Mapping[str, Any], origin: str) -> SelfChecked:
    """Evaluate the conditions over the answers ``values``; what the register or an office knows stays open.

    Nothing of the answers is stored. Raises FormInvalid for what cannot be read, TooOften, NotFound.
    """
    del actor
    count_attempt(desk, CHECK, origin)
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        questions = questions_of(desk, package)
        today = local_date(desk.clock.now())
        parameters = parameters_on(tx, package, today)
        page = _build_page(tx, package, questions, parameters, today)
    check = questions.form.check(values, today=today, stored=page.settings)
    if check.errors:
        raise FormInvalid(check.errors, check.values)
    answers: dict[str, Any] = to_json_value(check.typed)
    place = package.jurisdiction
    counting = counting_of(place, package.award.time_settings, parameters)
    owed = owed_lists(questions.form, questions.form.state(check.values, today=today, stored=page.settings))

    def grounds_at(now: datetime, seen: SelfCheck) -> tuple[CheckedGround, ...]:
        scope = _build_scope(questions, answers, parameters, seen)
        context = {"param": parameters, "case": scope["case"]}
        rows = questions.table.evaluate_rows(scope, Environment(now, desk.calendar(place.calendar), context, counting))
        return tuple(_check_ground(package, questions, row, answers, owed) for row in rows if row.matched is not False)

    def barred_on(day: date) -> frozenset[str]:
        return _collect_barring_grounds(
            grounds_at(datetime.combine(day, _NOON, CHINA), replace(page, today=day, day=day))
        )

    grounds = grounds_at(desk.clock.now(), page)
    return SelfChecked(grounds, check.values, _first_day(barred_on, _collect_barring_grounds(grounds), today))


_FURTHEST = timedelta(days=3653)
"""So far ahead a day is looked for: no waiting time of a regulation lasts longer."""
_NOON = time(12)


def _collect_barring_grounds(grounds: Sequence[CheckedGround]) -> frozenset[str]:
    return frozenset(ground.ground for ground in grounds if ground.state == NOT_MET)


def _first_day(barred_on: Callable[[date], frozenset[str]], barred: frozenset[str], today: date) -> date | None:
    """Return the first day on which what bars now is over, None where it never is or something else bars by then."""
    late, free = today, today + _FURTHEST
    if not barred or barred & barred_on(free):
        return None
    while (free - late).days > 1:
        middle = late + (free - late) // 2
        if barred & barred_on(middle):
            late = middle
        else:
            free = middle
    return None if barred_on(free) else free


def _build_page(
    tx: Transaction, package: Package, questions: Questions, parameters: Mapping[str, Any], today: date
) -> SelfCheck:
    settings = {**form_settings(package, parameters), **questions.outside}
    title, start, day = "", "", today
    if questions.process.parent:
        rounds = tx.cases.search(CaseFilter([package.jurisdiction.id], questions.process.parent, None, True), limit=10)
        row = next((r for r in rounds if r.award == package.award.id), None)
        last = parse_day((row.facts or {}).get("deadline")) if row is not None else None
        if row is not None and (last is None or last >= today):
            title, start, day = (
                row.title,
                f"/start/{package.key}/{questions.process.key}?parent={row.id}",
                last or today,
            )
    return SelfCheck(package, questions.form, settings, today, day, start, title)


def _build_scope(
    questions: Questions, values: Mapping[str, Any], parameters: Mapping[str, Any], page: SelfCheck
) -> dict[str, Any]:
    """Return what the table reads: the answers in the places of the forms, and the day that counts."""
    case_facts = {fact: value_at(values, path) for fact, path in questions.of_case.items()}
    case = {"received_on": page.today.isoformat(), **{k: v for k, v in case_facts.items() if v is not None}}
    application = {key: value for key, value in values.items() if key not in questions.started}
    for path, kind in questions.boxes.items():
        _put_value(application, path, _READY[kind] if value_at(values, path) is True else None)
    start = {**questions.outside, **{key: value for key, value in values.items() if key in questions.started}}
    reckoned = page.day if _names_reference_date(page.package) else page.today
    scope = {"param": parameters, "case": case, "reference_date": reckoned, questions.application: application}
    if questions.process.start_form and questions.process.start_form != questions.application:
        scope[questions.process.start_form] = start
    if questions.process.parent:
        scope[questions.process.parent] = {"deadline": page.day.isoformat()}
    return scope


def _names_reference_date(package: Package) -> bool:
    """Tell whether a place says itself on which day its conditions are reckoned; else it is that of the application."""
    calls = (e.operation for d in package.diagrams.values() for e in d.elements.values() if e.operation)
    return any(call.operation == "eligibility.examine" and "reference_date" in call.parameters for call in calls)


def _check_ground(
    package: Package, questions: Questions, row: RowResult, answers: Mapping[str, Any], owed: Collection[Names]
) -> CheckedGround:
    """Return how a condition stands; not met where it reads a list that was said to have rows and has none (``owed``)."""
    finding = finding_of(row)
    unknown = tuple(_of_form(questions, path) for path in finding.unknown)
    theirs = tuple(path for path in unknown if _is_question(questions, path))
    unready = _list_unready(questions, row.rule_id, answers)
    state = _get_ground_state(
        finding, theirs, unready, registered=_REGISTER in _collect_read_names(questions, row.rule_id)
    )
    read = questions.table.reads(row.rule_id, "met")
    untold = [
        p for p in sorted(owed) if any(read_path[: len(p) + 1] == (questions.application, *p) for read_path in read)
    ]
    if state == MET and untold:
        state, theirs = ANSWER, tuple(".".join((questions.application, *path)) for path in untold)
    condition = str(row.outputs.get("condition") or finding.text)
    evidence = _list_evidence(questions, row.rule_id)
    papers = papers_of(package, questions.application, finding.clauses, evidence)
    return CheckedGround(
        ground=row.rule_id,
        state=state,
        text=finding.text if state in (MET, NOT_MET) else condition,
        by=next(
            (questions.finders[form] for path in unknown if (form := path.partition(".")[0]) in questions.finders),
            _NOBODY,
        ),
        missing=_list_fact_names(package, unready if state == PREPARE else theirs),
        evidence=_list_fact_names(package, [path for path in evidence if path not in papers]),
        papers=_list_fact_names(package, papers),
        clauses=cite(package, finding.clauses),
    )


def _get_ground_state(finding: Finding, theirs: Sequence[str], unready: Sequence[str], *, registered: bool) -> str:
    """Return how a condition stands; what the register knows is never told to be met without it."""
    if finding.result == "unknown" and theirs:
        return PREPARE if set(theirs) <= set(unready) else ANSWER
    if finding.result == "unknown" or registered:
        return LATER
    if finding.result == "met":
        return MET
    return PREPARE if unready else NOT_MET


def _list_unready(questions: Questions, ground: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files, texts and lists of a condition that are not there yet."""
    read = questions.table.reads(ground, "met")
    prepared = sorted({*questions.boxes, *questions.lists})
    return tuple(
        ".".join((questions.application, *path))
        for path in prepared
        if (questions.application, *path) in read and _is_blank(value_at(answers, path))
    )


def _is_blank(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return value in (None, False) or (isinstance(value, list) and not any(any(row.values()) for row in rows))


def _of_form(questions: Questions, path: str) -> str:
    """Return ``path`` as that of the answer from which the case has the fact."""
    first, _, fact = path.partition(".")
    if first != "case" or fact not in questions.of_case:
        return path
    named = questions.of_case[fact]
    form = questions.process.start_form if named[0] in questions.started else questions.application
    return ".".join((str(form), *named))


def _list_fact_names(package: Package, paths: Sequence[str]) -> tuple[Text, ...]:
    """Return what the facts are called; what has no name, like a sum, is left out."""
    return tuple(name for name in called(package, paths) if name.zh not in paths)


def _collect_read_names(questions: Questions, ground: str) -> frozenset[str]:
    return frozenset(path[0] for path in questions.table.reads(ground, "met"))


def _is_question(questions: Questions, path: str) -> bool:
    """Return whether the fact ``path`` is an answer to a question of this page."""
    form, *names = path.split(".")
    return (
        bool(names)
        and form in (questions.application, questions.process.start_form)
        and names[0] in _collect_keys(questions.form)
    )


def _collect_keys(form: Form) -> frozenset[str]:
    return frozenset(info.path.partition(".")[0].removesuffix("[]") for info in form.fields())


def _list_evidence(questions: Questions, ground: str) -> tuple[str, ...]:
    forms = (questions.application, questions.process.start_form)
    return tuple(sorted(".".join(path) for path in questions.table.reads(ground, "evidence") if path[0] in forms))


def _put_value(values: dict[str, Any], path: Names, value: object) -> None:
    """Set ``value`` at ``path`` in copies of the objects on the way, where they are."""
    if len(path) == 1:
        if path[0] in values:
            values[path[0]] = value
    elif isinstance(values.get(path[0]), Mapping):
        values[path[0]] = dict(values[path[0]])
        _put_value(values[path[0]], path[1:], value)


def parse_day(value: object) -> date | None:
    """Return the day that a fact keeps, None where it keeps none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
