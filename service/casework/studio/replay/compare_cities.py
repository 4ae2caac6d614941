"""Two cities side by side: the same fictional applicants in a season of each; who wins, how many days, how much work."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import unpack_files
from service.casework.reading.published import published
from service.casework.simulate.playing.scenario_result import ScenarioResult
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.seasons.season_record import CaseEnd, Lasting, SeasonRecord
from service.casework.simulate.stage.mapped_applicants import MappedFacts, with_applicants
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, play_scenario, scenario_files
from service.casework.studio.work.jobs import Job, JobOrder, Run, latest_job, latest_result, start_job
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import ScenarioTerms, day_text
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction

CITIES = "cities"


@dataclass(frozen=True, slots=True)
class ApplicantFigures:
    """What an applicant came to: ``days`` from application to end, tasks done by them and by others, letters about them.

    One of ``awards`` that was taken away again says so. ``waited`` are the days on which nothing lay with them, ``articles``
    those of the outcome, as (clause, name); ``limits`` are the time limits that were kept for them, each with its days and
    its articles.
    """

    nick: str
    outcome: Text
    awards: tuple[Text, ...]
    days: int | None
    by_applicant: int
    by_others: int
    letters: int
    fields: int = 0
    files: int = 0
    waited: int | None = None
    articles: tuple[tuple[str, str], ...] = ()
    limits: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step of a season that the city did not let anybody do, and ``why``; ``applying`` is the applicant it would have begun."""

    words: Text
    why: Text
    applying: str = ""


@dataclass(frozen=True, slots=True)
class CityFigures:
    """A season in one city; ``notices`` are (title, days, articles as (clause, name)), ``refused`` steps nobody could do."""

    city: Text
    title: str
    passed: bool
    jurisdiction: str
    days: int
    applicants: Mapping[str, ApplicantFigures]
    notices: tuple[tuple[str, int, tuple[tuple[str, str], ...]], ...]
    refused: tuple[RefusedStep, ...] = ()

    def kept_out(self, name: str) -> RefusedStep | None:
        """Return the refused application of who has no figures for that reason."""
        return next((step for step in self.refused if step.applying == name), None)


@dataclass(frozen=True, slots=True)
class ComparedCity:
    """A published package and the scenarios that came with it."""

    key: str
    city: Text
    scenarios: tuple[ScenarioFile, ...]


@dataclass(frozen=True, slots=True)
class ComparedSeasons:
    """The draft's season and that of the other city; ``facts`` say what both ask of an applicant, by name."""

    draft: CityFigures
    other: CityFigures
    facts: Mapping[str, MappedFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CitiesView:
    """The page of two cities: what can be chosen, and the newest comparison."""

    own: tuple[ScenarioFile, ...]
    others: tuple[ComparedCity, ...]
    job: Job | None
    result: ComparedSeasons | None


@guarded("draft.view")
def view_cities(desk: Desk, actor: Actor, draft: int) -> CitiesView:
    """Return what can be compared with ``draft``, and the newest comparison."""
    with desk.store.read() as tx:
        key = visible_draft(tx, actor, draft).package
        tree = tree_of(desk, tx, draft)
        others = [_choice(tx, package) for package in published(desk, tx).packages if package.key != key]
        job = latest_job(tx, draft, CITIES)
        result = latest_result(tx, draft, CITIES, ComparedSeasons)
    own = tuple(file for file in scenario_files(tree.filled, key) if file.scenario)
    offered = tuple(choice for choice in others if choice.scenarios)
    return CitiesView(own, offered, job, result)


@guarded("draft.view")
def compare_cities(desk: Desk, actor: Actor, draft: int, path: str, other: str, other_path: str) -> int:
    """Start playing the scenario at ``path`` of the draft, and that at ``other_path`` of the published package ``other``.

    The applicants of the other city take the names of the draft's and what these say of themselves, where the forms of
    both ask the same. Returns the job's number; raises NotFound and Invalid.
    """
    view = view_cities(desk, actor, draft)
    choice = next((one for one in view.others if one.key == other), None)
    ours = next((file for file in view.own if file.path == path), None)
    theirs = next((file for file in choice.scenarios if file.path == other_path), None) if choice else None
    if choice is None or ours is None or theirs is None or ours.scenario is None or theirs.scenario is None:
        raise NotFound(Text("请选择两边各一个情景。", "Choose a scenario on each side."))
    with desk.store.read() as tx:
        package, left = desk.packages.current(other, tx), tree_of(desk, tx, draft).package
    mapped, facts = with_applicants(ours.scenario, left, theirs.scenario, package)
    seasons = [(left, ours.scenario), (package, mapped)]

    def work(job: Run) -> ComparedSeasons:
        found = []
        for number, (played, scenario) in enumerate(seasons):
            job.beat(number, len(seasons), played.jurisdiction.text)
            result = play_scenario(desk, played, scenario, job, past_refusals=True)
            if result.record is None:
                raise Invalid(result.stopped_by or Text("推演没有结果。", "The play came to nothing."))
            found.append(_figures(played, scenario, result.record, result))
        return ComparedSeasons(found[0], found[1], facts)

    asked = {"work": CITIES, "path": path, "other": other, "other_path": other_path}
    return start_job(desk, actor, draft, JobOrder(CITIES, len(seasons), asked), work)


def _choice(tx: Transaction, package: Package) -> ComparedCity:
    sources = tx.definitions.get(package.version).sources
    files = scenario_files(unpack_files(sources), package.key) if sources else ()
    return ComparedCity(package.key, package.jurisdiction.text, tuple(file for file in files if file.scenario))


def _figures(package: Package, scenario: Scenario, record: SeasonRecord, result: ScenarioResult) -> CityFigures:
    subjects = {role.id for role in package.jurisdiction.roles.values() if role.subject}
    kinds = {info.key for info in package.award.processes.values() if subjects & set(info.started_by)}
    ends = [end for end in record.ends.values() if end.process in kinds and end.subject]
    notices = tuple(
        (s.label, (s.last - s.first).days + 1, _articles(package, s.clauses))
        for s in record.spans
        if s.lasting is Lasting.NOTICE and s.last is not None
    )
    applicants = {end.subject: _applicant(package, end, record) for end in ends}
    days = (record.last - record.first).days
    return CityFigures(
        package.jurisdiction.text,
        scenario.title,
        result.passed,
        package.jurisdiction.id,
        days,
        applicants,
        notices,
        tuple(_refused(scenario, result, kinds)),
    )


def _refused(scenario: Scenario, result: ScenarioResult, kinds: Collection[str]) -> Iterator[RefusedStep]:
    """Yield the steps that were refused; of an application (one of these ``kinds``) with the name of who would have applied."""
    names = {nick: str((held or {}).get("name", nick)) for nick, held in scenario.organisations.items()}
    for move, line in zip(scenario.moves, result.lines, strict=True):
        if line.messages and line.verb != "expect":
            who = str(move.keys.get("for", move.who))
            applying = names.get(who, "") if move.verb == "start" and move.value in kinds else ""
            yield RefusedStep(line.words, line.messages[0], applying)


def _applicant(package: Package, end: CaseEnd, record: SeasonRecord) -> ApplicantFigures:
    letters = sum(s.lasting is Lasting.DOCUMENT and s.case == end.case for s in record.spans)
    days = (end.ended - end.started).days if end.ended else None
    limits = tuple(
        (s.label, (s.last - s.first).days, _articles(package, s.clauses))
        for s in record.spans
        if s.lasting is Lasting.LIMIT and s.case == end.case and s.last is not None
    )
    return ApplicantFigures(
        end.case, ScenarioTerms(package).outcome(end.process, end.outcome or end.status), _tiers(package, end),
        days, end.done_by_subject, end.done_by_others, letters, end.fields, end.files, end.waited,
        _articles(package, _of_outcome(package, end)), limits,
    )  # fmt: skip


def _tiers(package: Package, end: CaseEnd) -> tuple[Text, ...]:
    names, revoked = {tier.id: tier.text for tier in package.award.tiers}, dict(end.revoked)
    return tuple(_tier(names.get(award, Text(award, award)), revoked.get(award)) for award in end.awards)


def _tier(name: Text, revoked: date | None) -> Text:
    if revoked is None:
        return name
    day = day_text(revoked, "")
    return Text(f"{name.zh}（{day.zh}撤销）", f"{name.en} (revoked on {day.en})")


def _of_outcome(package: Package, end: CaseEnd) -> tuple[str, ...]:
    """Return the clauses of the ends at which a case comes to this outcome."""
    diagram = package.processes.get(package.process(end.process).process)
    found = (
        [e.clauses for e in diagram.elements.values() if e.outcome == end.outcome] if diagram and end.outcome else []
    )
    return tuple(dict.fromkeys(clause for clauses in found for clause in clauses))


def _articles(package: Package, clauses: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one, package.law.article(one)) for one in clauses if one in package.law.clauses)
