"""Scenarios of a draft: run by a person, played beside the requests, and what each came to."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.known_words import require_defined_words, require_readable
from service.casework.simulate.playing.scenario_result import ScenarioResult, play_for_result
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake, read_scenario, values_beyond
from service.casework.simulate.seasons.season_record import Lasting
from service.casework.simulate.stage.stage import Workshop, empty_store
from service.casework.studio.drafts.compare_draft import compare_draft
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.jobs import Job, JobPart, latest_job, start_job
from service.catalog import Package
from service.catalog.coverage.matrix import Verdicts
from service.catalog.pieces.piece_kinds import PieceKind, kind_of
from service.catalog.played_version import played_version, rests_on
from service.catalog.tree import Files, get_file_stem, iterate_folder_files
from service.catalog.uses.piece_users import users_of_form, users_of_parameters
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text, text_of
from service.store import Transaction
from service.store.models import ScenarioResultRow, StudioJobRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario of a draft; ``trouble`` says why it cannot be read, and ``scenario`` is None then."""

    path: str
    name: str
    hash: str
    scenario: Scenario | None
    trouble: Text | None = None

    @property
    def title(self) -> str:
        """Its title, its file name where it cannot be read."""
        return self.scenario.title if self.scenario else self.name


def scenario_files(tree: Files, key: str) -> tuple[ScenarioFile, ...]:
    """Return the scenarios of package ``key`` in a draft's tree, by name; those that cannot be read too."""
    return tuple(read_file(tree, path) for path in iterate_folder_files(tree, f"processes/{key}/scenarios", ".yaml"))


def read_file(tree: Files, path: str) -> ScenarioFile:
    """Return the scenario at ``path``."""
    mark = hash_of(tree[path])
    try:
        return ScenarioFile(path, get_file_stem(path), mark, read_scenario(tree[path], get_file_stem(path)))
    except ScenarioMistake as mistake:
        return ScenarioFile(path, get_file_stem(path), mark, None, mistake.message)


def play_part(desk: Desk, row: StudioJobRow) -> JobPart:
    """Play the next scenario of a job on the draft as it is; one that the draft lost meanwhile is passed over."""
    files, number = row.asked["files"], row.done
    with desk.store.read() as tx:
        tree = tree_of(desk, tx, row.draft_id)
    after = label_of(tree.filled, files, number + 1)
    if files[number] not in tree.filled:
        return JobPart(lambda _tx: None, after)
    file = read_file(tree.filled, files[number])
    result = play_scenario_file(desk, tree.package, file, propose=len(files) == 1)
    unmet = [*(line.words for line in result.unmet), *([result.stopped_by] if result.stopped_by else [])]
    kept = ScenarioResultRow(
        draft_id=row.draft_id,
        path=file.path,
        revision=tree.revision,
        version=played_version(tree.package),
        hash=file.hash,
        passed=result.passed,
        unmet=[words.as_json() for words in unmet],
        content=pack_result(result),
        at=desk.clock.now(),
    )
    return JobPart(lambda tx: tx.scenario_results.put(kept), after)


def label_of(tree: Files, files: Sequence[str], number: int) -> Text:
    """Return what is said while the scenario with this number of ``files`` is played; nothing behind the last."""
    if number >= len(files):
        return Text("", "")
    path = files[number]
    title = read_file(tree, path).title if path in tree else get_file_stem(path)
    return Text(f"{number + 1}/{len(files)} {title}", f"{number + 1}/{len(files)} {title}")


def play_scenario_file(desk: Desk, package: Package, file: ScenarioFile, *, propose: bool = False) -> ScenarioResult:
    """Play one scenario on a database in memory that lives as long as the play."""
    if file.scenario is None:
        return _unplayable(file, file.trouble or Text("", ""))
    try:
        require_readable(package)
        require_defined_words(package, file.scenario)
    except ScenarioMistake as mistake:
        return _unplayable(file, mistake.message)
    return play_scenario(desk, package, file.scenario, propose=propose)


def play_scenario(desk: Desk, package: Package, scenario: Scenario, *, propose: bool = False) -> ScenarioResult:
    """Play ``scenario`` of ``package`` on a database in memory."""
    with empty_store() as store:
        return play_for_result(
            store,
            package,
            scenario,
            desk.calendars,
            desk.operations,
            workshop=workshop_of(package),
            propose=propose,
            now=monotonic,
        )


def pack_result(result: ScenarioResult) -> bytes:
    """Return what a scenario came to as it is kept: compressed JSON."""
    return zlib.compress(_adapter().dump_json(result))


def unpack_result(content: bytes) -> ScenarioResult | None:
    """Return the inverse of `pack_result`; None where a program that had other results kept it."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(zlib.decompress(content))
    except ValidationError:
        return None


@cache
def _adapter() -> TypeAdapter[ScenarioResult]:
    from pydantic import TypeAdapter  # six megabytes, which a service without designers does without

    return TypeAdapter(ScenarioResult)


_MOST_WORKSHOPS = 4
_WORKSHOPS: OrderedDict[str, Workshop] = OrderedDict()
_LOCK = Lock()


def workshop_of(package: Package) -> Workshop:
    """Return what plays of one version share; drafts have many versions, so only the newest few are kept."""
    with _LOCK:
        found = _WORKSHOPS.pop(package.version, None) or Workshop()
        _WORKSHOPS[package.version] = found
        while len(_WORKSHOPS) > _MOST_WORKSHOPS:
            _WORKSHOPS.popitem(last=False)
        return found


def _unplayable(file: ScenarioFile, why: Text) -> ScenarioResult:
    return ScenarioResult(file.name, file.title, (), (), False, None, 0.0, why)


@dataclass(frozen=True, slots=True)
class Plays:
    """What plays of a draft's scenarios came to: ``verdicts`` since the last change, ``stale`` those before it by file."""

    verdicts: Verdicts
    stale: Mapping[str, bool]


def plays_of(tx: Transaction, draft: int, tree: DraftTree) -> Plays:
    """Return by file whether each scenario of ``draft`` passed; None where it was not played since the last change."""
    known = {row.path: row for row in tx.scenario_results.select(draft_id=draft)}
    found: dict[str, bool | None] = {}
    stale: dict[str, bool] = {}
    for path in iterate_folder_files(tree.filled, f"processes/{tree.package.key}/scenarios", ".yaml"):
        row = known.get(path)
        found[path] = row.passed if row is not None and holds(row, tree, path) else None
        if row is not None and found[path] is None:
            stale[path] = row.passed
    return Plays(found, stale)


def verdicts_of(tx: Transaction, draft: int, tree: DraftTree) -> Verdicts:
    """Return the verdicts of `plays_of`."""
    return plays_of(tx, draft, tree).verdicts


def holds(row: ScenarioResultRow, tree: DraftTree, path: str) -> bool:
    """Return whether what was played is what ``tree`` holds: what it says of running cases alone is not played."""
    return rests_on(row.version, tree.package) and row.hash == hash_of(tree.filled[path])


def describe_plays(plays: Plays) -> Text | None:
    """Return how many scenarios failed and were not played, in sentences; None where all of them passed.

    Where nothing was played, because there is no scenario or none was run, that is said plainly; so is what was played
    before the last change, and what of it failed.
    """
    verdicts, stale = plays.verdicts, describe_stale(list(plays.stale.values()))
    if not verdicts:
        return Text(
            "没有做过推演：草稿没有情景，没有看过按这一版办件会怎样。",
            "Nothing was simulated: the draft has no scenario, so nobody saw a case run on this version.",
        )
    failed = sum(one is False for one in verdicts.values())
    unplayed = sum(one is None for one in verdicts.values())
    if not failed and not unplayed:
        return None
    if unplayed == len(verdicts) and not plays.stale:
        return Text(
            f"没有做过推演：{unplayed} 个情景都没有在本版上运行。",
            f"Nothing was simulated: none of {unplayed} scenarios was played on this version.",
        )
    now = Text(
        f"{len(verdicts)} 个情景中 {failed} 个未通过，{unplayed} 个没有在本版上运行。",
        f"Of {len(verdicts)} scenarios {failed} failed and {unplayed} were not played on this version.",
    )
    return Text(f"{now.zh}{stale.zh}", f"{now.en} {stale.en}") if stale else now


def describe_stale(passed: Sequence[bool]) -> Text | None:
    """Return what plays before the last change came to, in a sentence; None where there were none."""
    if not passed:
        return None
    failed = sum(not one for one in passed)
    return Text(
        f"改动前运行过 {len(passed)} 个，{failed} 个不符，结果已过时。",
        f"{len(passed)} were played before the last change, {failed} of which failed; that is out of date.",
    )


def on_record(plays: Plays) -> dict[str, str]:
    """Return the plays as an event keeps them by file: met or unmet, unplayed, or what they came to before the last change."""
    words = {True: "met", False: "unmet", None: "unplayed"}
    return {
        path: f"{words[plays.stale[path]]} before" if path in plays.stale else words[one]
        for path, one in plays.verdicts.items()
    }


def stopped_for(package: Package, scenario: Scenario, result: ScenarioResult) -> tuple[str, ...]:
    """Return the names of the tasks at which cases wait at the end of a play that went wrong, and that the scenario never does.

    Of several those alone that stand in a diagram in which the play went wrong.
    """
    if result.passed or result.record is None:
        return ()
    done = {move.value for move in scenario.moves if move.verb in ("complete", "each")}
    waiting = dict.fromkeys(one for end in result.record.ends.values() for one in end.open_tasks if one not in done)
    tasks = {
        e.id: (e.name or e.id, d.process_id) for d in package.diagrams.values() for e in d.elements.values() if e.form
    }
    stopped = [tasks[one] for one in waiting if one in tasks]
    wrong = {line.process for line in result.unmet}
    near = [name for name, process in stopped if process in wrong]
    return tuple(near or [name for name, _ in stopped])


@dataclass(frozen=True, slots=True)
class UnsettledDay:
    """A day that came while it rested on the holidays of a ``year`` that are not published: ``name`` is the element's."""

    name: str
    year: int


def unsettled_days(result: ScenarioResult) -> tuple[UnsettledDay, ...]:
    """Return the days at which cases wait at the end of a play that went wrong, until somebody confirms them."""
    if result.passed or result.record is None:
        return ()
    waiting = {(nick, one) for nick, end in result.record.ends.items() for one in end.open_tasks}
    found = (
        UnsettledDay(span.label, (span.last - timedelta(days=1)).year)  # due as the day after begins
        for span in result.record.spans
        if span.lasting is Lasting.TIMER and span.last is not None and (span.case, span.element) in waiting
    )
    return tuple(dict.fromkeys(found))


SCENARIOS = "scenarios"
"""The key of the jobs that play scenarios."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario of a draft and whether its newest play ``passed``, None before it was played.

    ``unmet`` are the steps and expectations that came out otherwise, ``stale`` when the draft changed since.
    """

    file: ScenarioFile
    passed: bool | None = None
    unmet: tuple[Text, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioList:
    """The scenarios of a draft; ``job`` is the newest run of several."""

    draft: int
    package: Package
    lines: tuple[ScenarioLine, ...]
    job: Job | None

    @property
    def played(self) -> tuple[ScenarioLine, ...]:
        """Those that were played once."""
        return tuple(line for line in self.lines if line.passed is not None)


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """One scenario with its newest result; ``text`` and ``hash`` are the file's, ``job`` is its newest run by itself."""

    draft: int
    package: Package
    line: ScenarioLine
    result: ScenarioResult | None
    text: str
    hash: str
    job: Job | None


@guarded("draft.view")
def run_scenarios(desk: Desk, actor: Actor, draft: int, paths: Sequence[str] = ()) -> int:
    """Start playing the scenarios at ``paths`` of ``draft`` (all of them where none is named); returns the job's number.

    Raises NotFound for a path the draft does not have, Invalid where there is nothing to play.
    """
    key, tree = _seen(desk, actor, draft)
    files = tuple(_file(tree, path) for path in paths) or scenario_files(tree.filled, key)
    if not files:
        raise Invalid(
            Text("草稿里还没有情景，请先录制或新建一个。", "The draft has no scenario yet: record or write one first.")
        )
    played = [file.path for file in files]
    asked = {"work": SCENARIOS, "paths": list(paths), "files": played}
    return start_job(desk, actor, draft, _about(paths), asked, label_of(tree.filled, played, 0), len(played))


@guarded("draft.view")
def list_scenarios(desk: Desk, actor: Actor, draft: int) -> ScenarioList:
    """Return the scenarios of ``draft`` with what their newest runs came to."""
    key, tree = _seen(desk, actor, draft)
    with desk.store.read() as tx:
        job = latest_job(tx, draft, SCENARIOS)
        known = {row.path: row for row in tx.scenario_results.select(draft_id=draft)}
    lines = tuple(_line(tree, file, known.get(file.path)) for file in scenario_files(tree.filled, key))
    return ScenarioList(draft, tree.package, lines, job)


@guarded("draft.view")
def find_touched(desk: Desk, actor: Actor, draft: int) -> frozenset[str]:
    """Return the paths of the scenarios that have to do with what ``draft`` changes.

    These are those changed themselves, that set a changed parameter, do a changed task or expect a document that reads one,
    and those about a clause of what was changed or, of a parameter, of what reads it.
    """
    comparison = compare_draft(desk, actor, draft)
    package, changed = comparison.right.package, {each.path for each in comparison.files}
    names, clauses = set[str](), set[str]()
    for each in comparison.files:
        pieces = {record.element for record in each.difference.records}
        names |= pieces
        if each.kind is PieceKind.PARAMETERS:
            users = [user for name in pieces for user in users_of_parameters(package).get(name, ())]
            names |= {get_file_stem(user.file) for user in users if kind_of(user.file) is PieceKind.DOCUMENT}
            clauses.update(
                c for name in pieces & package.award.parameters.keys() for c in package.award.parameters[name].clauses
            )
            clauses.update(_clauses_of(package, {(user.file, user.place.partition(".")[0]) for user in users}))
        elif each.kind is PieceKind.FORM:
            shown = users_of_form(package, get_file_stem(each.path), reading=False)
            clauses.update(_clauses_of(package, {(user.file, user.place) for user in shown}))
        else:
            clauses.update(_clauses_of(package, {(each.path, piece) for piece in pieces}))
    files = scenario_files(comparison.right.files, package.key)
    return frozenset(file.path for file in files if file.path in changed or _has_to_do(file.scenario, names, clauses))


def _clauses_of(package: Package, places: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the clauses of the elements of diagrams that stand at ``places``: file and id."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if (diagram.file, element.id) in places:
                yield from element.clauses


def _has_to_do(scenario: Scenario | None, names: set[str], clauses: set[str]) -> bool:
    if scenario is None:
        return False
    words = {str(move.value) for move in scenario.moves} | scenario.parameters.keys()
    expected = [*scenario.expect, *(move.value for move in scenario.moves if move.verb == "expect")]
    words |= {str(row["document"]) for row in expected if "document" in row}
    return not (names.isdisjoint(words) and clauses.isdisjoint(scenario.clauses))


@guarded("draft.view")
def view_scenario(desk: Desk, actor: Actor, draft: int, path: str) -> ScenarioView:
    """Return one scenario of ``draft`` with its newest result; raises NotFound."""
    _, tree = _seen(desk, actor, draft)
    file = _file(tree, path)
    with desk.store.read() as tx:
        job = latest_job(tx, draft, _about((path,)))
        row = tx.scenario_results.find(draft_id=draft, path=path)
    content = tree.filled[path]
    result = unpack_result(row.content) if row else None
    line = _line(tree, file, row if result else None)
    return ScenarioView(draft, tree.package, line, result, content.decode(errors="replace"), hash_of(content), job)


def beyond_the_law(view: ScenarioView) -> tuple[Text, ...]:
    """Return why the law does not allow what the scenario sets parameters to, with the articles."""
    scenario = view.line.file.scenario
    return tuple(values_beyond(view.package, scenario.parameters)) if scenario is not None else ()


def _seen(desk: Desk, actor: Actor, draft: int) -> tuple[str, DraftTree]:
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        return row.package, tree_of(desk, tx, draft)


def _file(tree: DraftTree, path: str) -> ScenarioFile:
    if path not in tree.filled or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    return read_file(tree.filled, path)


def _about(paths: Sequence[str]) -> str:
    """Return the key of the jobs that play several scenarios, or the one at ``paths``."""
    return f"{SCENARIOS} {sha256(paths[0].encode()).hexdigest()[:32]}" if len(paths) == 1 else SCENARIOS


def _line(tree: DraftTree, file: ScenarioFile, row: ScenarioResultRow | None) -> ScenarioLine:
    if row is None:
        return ScenarioLine(file)
    return ScenarioLine(file, row.passed, tuple(text_of(one) for one in row.unmet), not holds(row, tree, file.path))
