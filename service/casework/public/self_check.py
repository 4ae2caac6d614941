"""The self-check before applying: which conditions an organisation meets by its own answers, and nothing is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.city_settings import parameters_on
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import jsonable
from service.casework.public.check_questions import Names, Questions, questions_of
from service.casework.public.throttle import CHECK, count_attempt
from service.casework.reading.citations import CitedArticle, cite
from service.casework.step.decide import finding_of
from service.casework.step.form_settings import form_settings
from service.casework.step.submission import FormInvalid
from service.catalog import Package
from service.catalog.assistants.condition_rows import names_reference_date
from service.catalog.form_fields.papers import papers_of
from service.catalog.formula_help.called import called
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import local_date
from service.domain.decisions import RowResult
from service.domain.forms import Form, InputType
from service.domain.forms.asked import owed_lists
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.engine import Environment
from service.sdk import Finding
from service.store import CaseFilter, Transaction

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
    ``application`` is the form into which the answers can be taken along, but those to ``boxes`` (names of fields).
    """

    package: Package
    form: Form
    settings: Mapping[str, Any]
    today: date
    day: date
    start: str
    round_title: str
    application: str
    boxes: frozenset[str]


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
    """What the answers come to, condition by condition, and the answers as they were understood."""

    grounds: tuple[CheckedGround, ...]
    values: Mapping[str, Any]

    def of(self, state: str) -> tuple[CheckedGround, ...]:
        """Return the conditions in ``state``."""
        return tuple(ground for ground in self.grounds if ground.state == state)


@guarded("portal.view")
def view_self_check(desk: Desk, actor: Actor, package_key: str) -> SelfCheck:
    """Return the questions of package ``package_key`` ("jurisdiction/award"); raises NotFound."""
    del actor  # anybody; the guard has said so
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        asked = questions_of(desk, package)
        today = local_date(desk.clock.now())
        return _page(tx, package, asked, parameters_on(tx, package, today), today)


@guarded("portal.view")
def check_oneself(desk: Desk, actor: Actor, package_key: str, values: Mapping[str, Any], origin: str) -> SelfChecked:
    """Evaluate the conditions over the answers ``values``; what the register or an office knows stays open.

    Nothing of the answers is stored. Raises FormInvalid for what cannot be read, TooOften, NotFound.
    """
    del actor
    count_attempt(desk, CHECK, origin)
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        asked = questions_of(desk, package)
        today = local_date(desk.clock.now())
        parameters = parameters_on(tx, package, today)
        page = _page(tx, package, asked, parameters, today)
    check = asked.form.check(values, today=today, stored=page.settings)
    if check.errors:
        raise FormInvalid(check.errors, check.values)
    answers: dict[str, Any] = jsonable(check.typed)
    scope = _scope(asked, answers, parameters, page)
    place = package.jurisdiction
    counting = counting_of(place, package.award.time_settings, parameters)
    known = {"param": parameters, "case": scope["case"]}
    rows = asked.table.evaluate_rows(
        scope, Environment(desk.clock.now(), desk.calendar(place.calendar), known, counting)
    )
    owed = owed_lists(asked.form, asked.form.state(check.values, today=today, stored=page.settings))
    found = [_ground(package, asked, row, answers, owed) for row in rows if row.matched is not False]
    return SelfChecked(tuple(found), check.values)


def _page(tx: Transaction, package: Package, asked: Questions, parameters: Mapping[str, Any], today: date) -> SelfCheck:
    settings = {**form_settings(package, parameters), **asked.outside}
    title, start, day = "", "", today
    if asked.process.parent:
        rounds = tx.cases.search(CaseFilter([package.jurisdiction.id], asked.process.parent, None, True), limit=10)
        row = next((r for r in rounds if r.award == package.award.id), None)
        last = _day((row.facts or {}).get("deadline")) if row is not None else None
        if row is not None and (last is None or last >= today):
            title, start, day = row.title, f"/start/{package.key}/{asked.process.key}?parent={row.id}", last or today
    boxes = frozenset(".".join(path) for path in asked.boxes)
    return SelfCheck(package, asked.form, settings, today, day, start, title, asked.application, boxes)


def _scope(
    asked: Questions, values: Mapping[str, Any], parameters: Mapping[str, Any], page: SelfCheck
) -> dict[str, Any]:
    """Return what the table reads: the answers in the places of the forms, and the day that counts."""
    told = {fact: value_at(values, path) for fact, path in asked.of_case.items()}
    case = {"received_on": page.today.isoformat(), **{k: v for k, v in told.items() if v is not None}}
    application = {key: value for key, value in values.items() if key not in asked.started}
    for path, kind in asked.boxes.items():
        _put(application, path, _READY[kind] if value_at(values, path) is True else None)
    start = {**asked.outside, **{key: value for key, value in values.items() if key in asked.started}}
    reckoned = page.day if names_reference_date(page.package) else page.today
    scope = {"param": parameters, "case": case, "reference_date": reckoned, asked.application: application}
    if asked.process.start_form and asked.process.start_form != asked.application:
        scope[asked.process.start_form] = start
    if asked.process.parent:
        scope[asked.process.parent] = {"deadline": page.day.isoformat()}
    return scope


def _ground(
    package: Package, asked: Questions, row: RowResult, answers: Mapping[str, Any], owed: Collection[Names]
) -> CheckedGround:
    """Return how a condition stands; not met where it reads a list that was said to have rows and has none (``owed``)."""
    finding = finding_of(row)
    unknown = tuple(_of_form(asked, path) for path in finding.unknown)
    theirs = tuple(path for path in unknown if _asked(asked, path))
    unready = _unready(asked, row.rule_id, answers)
    state = _state(finding, theirs, unready, registered=_REGISTER in _read(asked, row.rule_id))
    read = asked.table.reads(row.rule_id, "met")
    untold = [p for p in sorted(owed) if any(one[: len(p) + 1] == (asked.application, *p) for one in read)]
    if state == MET and untold:
        state, theirs = ANSWER, tuple(".".join((asked.application, *path)) for path in untold)
    condition = str(row.outputs.get("condition") or finding.text)
    evidence = _evidence(asked, row.rule_id)
    papers = papers_of(package, asked.application, finding.clauses, evidence)
    return CheckedGround(
        ground=row.rule_id,
        state=state,
        text=finding.text if state in (MET, NOT_MET) else condition,
        by=next(
            (asked.finders[form] for path in unknown if (form := path.partition(".")[0]) in asked.finders), _NOBODY
        ),
        missing=_named(package, unready if state == PREPARE else theirs),
        evidence=_named(package, [path for path in evidence if path not in papers]),
        papers=_named(package, papers),
        clauses=cite(package, finding.clauses),
    )


def _state(finding: Finding, theirs: Sequence[str], unready: Sequence[str], *, registered: bool) -> str:
    """Return how a condition stands; what the register knows is never told to be met without it."""
    if finding.result == "unknown" and theirs:
        return PREPARE if set(theirs) <= set(unready) else ANSWER
    if finding.result == "unknown" or registered:
        return LATER
    if finding.result == "met":
        return MET
    return PREPARE if unready else NOT_MET


def _unready(asked: Questions, ground: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files, texts and lists of a condition that are not there yet."""
    read = asked.table.reads(ground, "met")
    prepared = sorted({*asked.boxes, *asked.lists})
    return tuple(
        ".".join((asked.application, *path))
        for path in prepared
        if (asked.application, *path) in read and _blank(value_at(answers, path))
    )


def _blank(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return value in (None, False) or (isinstance(value, list) and not any(any(row.values()) for row in rows))


def _of_form(asked: Questions, path: str) -> str:
    """Return ``path`` as that of the answer from which the case has the fact."""
    first, _, fact = path.partition(".")
    if first != "case" or fact not in asked.of_case:
        return path
    named = asked.of_case[fact]
    form = asked.process.start_form if named[0] in asked.started else asked.application
    return ".".join((str(form), *named))


def _named(package: Package, paths: Sequence[str]) -> tuple[Text, ...]:
    """Return what the facts are called; what has no name, like a sum, is left out."""
    return tuple(name for name in called(package, paths) if name.zh not in paths)


def _read(asked: Questions, ground: str) -> frozenset[str]:
    return frozenset(path[0] for path in asked.table.reads(ground, "met"))


def _asked(asked: Questions, path: str) -> bool:
    """Return whether the fact ``path`` is an answer to a question of this page."""
    form, *names = path.split(".")
    return bool(names) and form in (asked.application, asked.process.start_form) and names[0] in _keys(asked.form)


def _keys(form: Form) -> frozenset[str]:
    return frozenset(info.path.partition(".")[0].removesuffix("[]") for info in form.fields())


def _evidence(asked: Questions, ground: str) -> tuple[str, ...]:
    forms = (asked.application, asked.process.start_form)
    return tuple(sorted(".".join(path) for path in asked.table.reads(ground, "evidence") if path[0] in forms))


def _put(values: dict[str, Any], path: Names, value: object) -> None:
    """Set ``value`` at ``path`` in copies of the objects on the way, where they are."""
    if len(path) == 1:
        if path[0] in values:
            values[path[0]] = value
    elif isinstance(values.get(path[0]), Mapping):
        values[path[0]] = dict(values[path[0]])
        _put(values[path[0]], path[1:], value)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
