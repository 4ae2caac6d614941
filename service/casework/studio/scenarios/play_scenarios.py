"""Play scenarios of a draft beside the requests: one or all, with progress, and what of the diagrams they pass."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic

from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.known_words import demand_known, demand_readable
from service.casework.simulate.playing.scenario_coverage import DiagramReach, Season, reach
from service.casework.simulate.playing.scenario_result import ScenarioResult, play_for_result
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake, read_scenario
from service.casework.simulate.stage.stage import Workshop, empty_store
from service.casework.studio.drafts.draft_tree import hash_of
from service.casework.studio.work.jobs import Run
from service.casework.studio.work.kept_results import pack_result
from service.catalog import Package
from service.catalog.names.page_names import said_on_pages
from service.catalog.played_version import played_version
from service.catalog.tree import Files, below, stem
from service.domain.text import Text
from service.store.models import ScenarioResultRow


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


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What came of several scenarios of one ``version`` of a draft: how many of them ``passed``, and what they pass."""

    version: str
    played: int
    passed: int
    reach: tuple[DiagramReach, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """Scenarios of a ``draft`` at a ``revision``, to be played."""

    draft: int
    revision: int
    package: Package
    files: tuple[ScenarioFile, ...]


def scenario_files(tree: Files, key: str) -> tuple[ScenarioFile, ...]:
    """Return the scenarios of package ``key`` in a draft's tree, by name; those that cannot be read too."""
    return tuple(read_file(tree, path) for path in below(tree, f"processes/{key}/scenarios", ".yaml"))


def read_file(tree: Files, path: str) -> ScenarioFile:
    """Return the scenario at ``path``."""
    mark = hash_of(tree[path])
    try:
        return ScenarioFile(path, stem(path), mark, read_scenario(tree[path], stem(path)))
    except ScenarioMistake as mistake:
        return ScenarioFile(path, stem(path), mark, None, mistake.message)


def play_suite(desk: Desk, suite: Suite, job: Run) -> SuiteResult:
    """Play scenarios one after another, telling ``job`` how far it has come; what each comes to is kept at once."""
    seasons, count = [], len(suite.files)
    for number, file in enumerate(suite.files):
        label = Text(f"{number + 1}/{count} {file.title}", f"{number + 1}/{count} {file.title}")
        job.beat(number, count, label)
        result = play_one(desk, suite.package, file, job, propose=count == 1)
        _keep(desk, suite, file, result)
        asked = len(result.expected) + sum(line.verb == "expect" for line in result.lines)
        seasons.append(Season(result.name, result.title, result.passed, asked, result.visited, ()))
    job.beat(count, count, Text("汇总", "summing up"))
    passed = sum(season.passed for season in seasons)
    return SuiteResult(suite.package.version, count, passed, reach(suite.package, seasons))


def _keep(desk: Desk, suite: Suite, file: ScenarioFile, result: ScenarioResult) -> None:
    unmet = [*(line.words for line in result.unmet), *([result.stopped_by] if result.stopped_by else [])]
    row = ScenarioResultRow(
        draft_id=suite.draft,
        path=file.path,
        revision=suite.revision,
        version=played_version(suite.package),
        hash=file.hash,
        passed=result.passed,
        unmet=[words.as_json() for words in unmet],
        content=pack_result(replace(result, visited=frozenset())),
        at=desk.clock.now(),
    )
    with desk.store.write() as tx:
        tx.studio_jobs.keep_result(row)


def play_one(
    desk: Desk, package: Package, file: ScenarioFile, job: Run, *, past_refusals: bool = False, propose: bool = False
) -> ScenarioResult:
    """Play one scenario on a database in memory that lives as long as the play."""
    if file.scenario is None:
        return _unplayable(file, file.trouble or Text("", ""))
    try:
        demand_readable(package)
        demand_known(package, file.scenario)
    except ScenarioMistake as mistake:
        return _unplayable(file, mistake.message)
    return play_scenario(desk, package, file.scenario, job, past_refusals=past_refusals, propose=propose)


def play_scenario(
    desk: Desk,
    package: Package,
    scenario: Scenario,
    job: Run,
    *,
    past_refusals: bool = False,
    propose: bool = False,
) -> ScenarioResult:
    """Play ``scenario`` of ``package``; the job is asked between the steps whether it should stop."""
    with empty_store() as store:
        result = play_for_result(
            store,
            package,
            scenario,
            desk.calendars,
            desk.operations,
            beat=lambda _number: job.check(),
            workshop=workshop_of(package),
            past_refusals=past_refusals,
            propose=propose,
            now=monotonic,
        )
    return _on_pages(package, result)


def _on_pages(package: Package, result: ScenarioResult) -> ScenarioResult:
    """Return ``result`` with pages of the studio where what the program said while it played names files."""

    def told(said: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(said_on_pages(package, one) for one in said)

    lines = tuple(replace(line, messages=told(line.messages)) if line.messages else line for line in result.lines)
    stopped = said_on_pages(package, result.stopped_by) if result.stopped_by else None
    return replace(result, lines=lines, incidents=told(result.incidents), stopped_by=stopped)


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
    return ScenarioResult(file.name, file.title, (), (), False, None, frozenset(), 0.0, why)
