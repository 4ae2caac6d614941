"""Replay seasons: the same facts under the published version and under the draft, or in two cities; what comes out otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.city_settings import with_settings
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.patience import Patience, Wait
from service.casework.simulate.playing.scenario_result import ResultLine, ScenarioResult
from service.casework.simulate.seasons.cause_of_difference import with_causes
from service.casework.simulate.seasons.season_difference import Otherwise, SeasonDifference, season_differences
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.replay.masked_seasons import Masked, finished_rounds, mask_names, past_seasons
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, play_patiently, play_scenario, scenario_files
from service.casework.studio.work.jobs import Job, JobOrder, Run, latest_job, latest_result, start_job
from service.catalog import Package
from service.catalog.played_version import played_version, rests_on
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One season under both versions; ``lost`` are steps that the draft no longer lets anybody do.

    ``waits`` are steps that were done later, since something before them lasts longer; those after them moved along.

    ``unrepeated`` are steps that the published version refuses already: from the first of them on nothing is compared.
    ``notes`` say what else of a real season cannot be repeated, or is on no record.
    """

    title: str
    real: bool
    differences: tuple[SeasonDifference, ...]
    lost: tuple[ResultLine, ...]
    unrepeated: tuple[ResultLine, ...] = ()
    notes: tuple[Text, ...] = ()
    waits: tuple[Wait, ...] = ()

    def of(self, otherwise: Otherwise) -> tuple[SeasonDifference, ...]:
        """Return the differences of one kind."""
        return tuple(d for d in self.differences if d.otherwise is otherwise)


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What came of a replay; ``version`` is the draft's at that time."""

    version: str
    seasons: tuple[Replayed, ...]

    @property
    def changed(self) -> tuple[Replayed, ...]:
        """The seasons that come out otherwise."""
        return tuple(one for one in self.seasons if one.differences or one.lost)

    @property
    def doubtful(self) -> tuple[Replayed, ...]:
        """Those without a difference that could not be repeated to their end: they are not alike for certain."""
        return tuple(one for one in self.seasons if one.unrepeated and one not in self.changed)


@dataclass(frozen=True, slots=True)
class ReplayView:
    """The page of replays: which seasons there are, and the newest result."""

    package: Package
    published: str
    scenarios: tuple[ScenarioFile, ...]
    rounds: int
    job: Job | None
    result: ReplayResult | None
    stale: bool


@guarded("draft.view")
def view_replay(desk: Desk, actor: Actor, draft: int) -> ReplayView:
    """Return what can be replayed in ``draft`` and what the newest replay came to."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        current = tx.definitions.current(row.package)
        rounds = len(finished_rounds(tx, tree.package))
        job = latest_job(tx, draft, REPLAY)
        result = latest_result(tx, draft, REPLAY, ReplayResult)
    return ReplayView(
        tree.package,
        current.version if current else "",
        scenario_files(tree.filled, tree.package.key),
        rounds,
        job,
        result,
        result is not None and not rests_on(result.version, tree.package),
    )


@guarded("draft.view")
def replay_seasons(desk: Desk, actor: Actor, draft: int, paths: Sequence[str] = ()) -> int:
    """Start playing past seasons, and the scenarios at ``paths``, under the published version and the draft.

    Finished rounds of the register come first, under what the city set itself; names are masked. Where there is none and
    no path is given, all scenarios are taken as seasons. Returns the job's number; raises Conflict where nothing is published.
    """
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        if tx.definitions.current(row.package) is None:
            raise Conflict(
                Text("这个奖项还没有发布过，没有可以对照的版本。", "Nothing is published yet to compare with.")
            )
        published = desk.packages.current(row.package, tx)
        rounds = past_seasons(desk, tx, published)
        in_force = with_settings(tx, published), with_settings(tx, tree.package)
    files = [file for file in scenario_files(tree.filled, row.package) if not paths or file.path in paths]
    readable = [Masked(file.title, file.scenario, real=False) for file in files if file.scenario]
    seasons = [*rounds, *(readable if paths or not rounds else ())]
    if not seasons:
        raise Invalid(Text("没有可以重演的届次或情景。", "There is no past season and no scenario to replay."))
    packages = published, tree.package

    def work(job: Run) -> ReplayResult:
        found = []
        for number, season in enumerate(seasons):
            job.beat(number, len(seasons), Text(season.title, season.title))
            found.append(_replayed(desk, season, *(in_force if season.real else packages), job))
        return ReplayResult(played_version(tree.package), tuple(found))

    order = JobOrder(REPLAY, len(seasons), {"work": REPLAY, "paths": list(paths)})
    return start_job(desk, actor, draft, order, work)


def _replayed(desk: Desk, season: Masked, published: Package, draft: Package, job: Run) -> Replayed:
    before = play_scenario(desk, published, season.scenario, job, past_refusals=True)
    job.pause()
    undone = frozenset(n for n, line in enumerate(before.lines) if line.messages)
    after, patience = play_patiently(desk, draft, season.scenario, job, Patience(undone))
    lost = _lost(before, after)
    differences: tuple[SeasonDifference, ...] = ()
    if before.record and after.record:
        found = season_differences(before.record, after.record)
        differences = with_causes(found, before.record, after.record, draft, stopped=bool(lost))
    names = mask_names(season.scenario)
    masked = tuple(_masked(d, names) for d in differences)
    notes = (*season.notes, *after.unknown)
    return Replayed(season.title, season.real, masked, lost, _refused(before), notes, tuple(patience.waits))


def _refused(before: ScenarioResult) -> tuple[ResultLine, ...]:
    """Return the steps of a season that the published version does not let anybody do again."""
    return tuple(line for line in before.lines if line.messages and line.verb != "expect")


def _lost(before: ScenarioResult, after: ScenarioResult) -> tuple[ResultLine, ...]:
    """Return the steps that the draft refuses and the published version lets pass."""
    met = {n for n, line in enumerate(before.lines) if not line.messages and line.verb != "expect"}
    return tuple(line for n, line in enumerate(after.lines) if line.messages and n in met)


def _masked(difference: SeasonDifference, names: Mapping[str, str]) -> SeasonDifference:
    label = difference.label
    for name, nick in names.items():
        label = label.replace(name, nick)
    return replace(difference, label=label)
