"""Play scenarios of a draft beside the requests: one or all, with progress, and what of the diagrams they pass."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from service.casework.desk.desk import Desk
from service.casework.simulate.empty_store import empty_store
from service.casework.simulate.known_words import demand_known
from service.casework.simulate.scenario import Scenario, ScenarioMistake, read_scenario
from service.casework.simulate.scenario_coverage import DiagramReach, Season, reach
from service.casework.simulate.scenario_result import ScenarioResult, play_for_result
from service.casework.simulate.stage import Workshop
from service.casework.studio.draft_tree import hash_of
from service.casework.studio.jobs import Job
from service.catalog import Package
from service.catalog.tree import Files, below, stem
from service.domain.text import Text


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
    """What came of several scenarios of one ``version`` of a draft, by path; ``hashes`` are those of the files played."""

    version: str
    results: Mapping[str, ScenarioResult]
    hashes: Mapping[str, str]
    reach: tuple[DiagramReach, ...]

    @property
    def passed(self) -> int:
        """How many came out as they expect."""
        return sum(result.passed for result in self.results.values())


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


def play_suite(desk: Desk, package: Package, files: Sequence[ScenarioFile], job: Job) -> SuiteResult:
    """Play ``files`` one after another, telling ``job`` how far it has come."""
    results: dict[str, ScenarioResult] = {}
    for number, file in enumerate(files):
        label = Text(f"{number + 1}/{len(files)} {file.title}", f"{number + 1}/{len(files)} {file.title}")
        job.beat(number, len(files), label)
        results[file.path] = play_one(desk, package, file, job, propose=len(files) == 1)
    seasons = [
        Season(r.name, r.title, r.passed, len(r.expected) + sum(x.verb == "expect" for x in r.lines), r.visited, ())
        for r in results.values()
    ]
    job.beat(len(files), len(files), Text("汇总", "summing up"))
    return SuiteResult(package.version, results, {file.path: file.hash for file in files}, reach(package, seasons))


def play_one(
    desk: Desk, package: Package, file: ScenarioFile, job: Job, *, past_refusals: bool = False, propose: bool = False
) -> ScenarioResult:
    """Play one scenario on a database in memory that lives as long as the play."""
    if file.scenario is None:
        return _unplayable(file, file.trouble or Text("", ""))
    try:
        demand_known(package, file.scenario)
    except ScenarioMistake as mistake:
        return _unplayable(file, mistake.message)
    return play_scenario(desk, package, file.scenario, job, past_refusals=past_refusals, propose=propose)


def play_scenario(
    desk: Desk, package: Package, scenario: Scenario, job: Job, *, past_refusals: bool = False, propose: bool = False
) -> ScenarioResult:
    """Play ``scenario`` of ``package``; the job is asked between the steps whether it should stop."""
    with empty_store() as store:
        return play_for_result(
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
    return ScenarioResult(file.name, file.title, (), (), None, None, frozenset(), 0.0, why)
