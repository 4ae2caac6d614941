"""Why a case came out as it did, in the law's order: grounds, scores, places, votes, and what would have changed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case
from service.casework.access.guards import guarded
from service.casework.ballots.box import COUNTED, Box
from service.casework.desk.desk import Desk
from service.casework.queries.cases.variables import DecidingFact, Readable, facts_of, get_finding_reason
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.dossier import stages_of_case
from service.casework.reading.lacked import describe_missing_facts
from service.casework.reading.stages import EARLY_ENDS
from service.casework.reading.submissions import submissions_of
from service.casework.scope.record import objection_kinds
from service.catalog import Package
from service.domain.ballots import Threshold
from service.domain.ballots.outcome import describe_sums
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed
from service.domain.review import shown
from service.domain.review.sheet import ItemSpread, spread_of
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, CaseRow, FindingRow

_ASKED_FOR = frozenset({"withdrawn", "lapsed"})
"""Ends that the organisation brought about itself: no decision on it has grounds."""


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A document in the words that the organisation got, with its number and articles."""

    document: int
    title: str
    number: str
    paragraphs: tuple[str, ...]
    clauses: tuple[CitedArticle, ...]


def find_early_decision(tx: Transaction, package: Package, case: CaseRow) -> ToldDecision | None:
    """Return the last document that the case's organisation got on the day its case ended early; None where it got none.

    What a person concluded stands here when every condition was found met: their grounds are in no finding.
    """
    if case.status != "ended" or case.ended_at is None or (case.outcome or "") not in EARLY_ENDS - _ASKED_FOR:
        return None
    roles = {key for key, role in package.jurisdiction.roles.items() if role.subject}
    day = local_date(case.ended_at)
    rows = [
        row
        for row in tx.documents.select(case_id=case.id)
        if roles & set(row.recipients) and local_date(row.issued_at) == day and row.erased_at is None
    ]
    if not rows:
        return None
    row = rows[-1]
    paragraphs = tuple(text for text in row.content.get("paragraphs") or () if isinstance(text, str))
    return ToldDecision(row.id, row.title, row.number or "", paragraphs, cite(package, row.clauses))


@dataclass(frozen=True, slots=True)
class Strike:
    """A government's decision by which the case was struck off the list it was to approve; ``who`` made it."""

    who: str
    at: datetime
    number: str
    reason: str
    clauses: tuple[CitedArticle, ...]


def _find_strike(tx: Transaction, package: Package, above: CaseRow, case_id: int) -> Strike | None:
    """Return the decision on the list of a round that left the case out; None where it stands on none that was struck."""
    if _row_of((above.facts or {}).get("struck_list"), case_id) is None:
        return None
    for row in reversed(tx.forms.of_case(above.id)):
        data = row.data
        own = _row_of(data.get("rows"), case_id)
        if data.get("decision") in (None, "return") or row.task_id is None or own is None:
            continue
        task = tx.tasks.get(row.task_id)
        element = package.element(task.process_id, row.element)
        clauses = cite(package, package.clauses_anywhere(element))
        who = tx.bodies.get(row.body_id).name if row.body_id is not None else ""
        reason = own.get("reason") or data.get("reason") or ""
        return Strike(who, row.at, str(data.get("number") or ""), str(reason), clauses)
    return None


def _row_of(rows: object, case_id: int) -> Mapping[str, Any] | None:
    """Return the row of ``rows`` that is about a case; None where there is none."""
    found = rows if isinstance(rows, list) else []
    return next((row for row in found if isinstance(row, Mapping) and row.get("case") == case_id), None)


ITEM_SCORES = "publish_item_scores"
"""Parameter by which a city lets applicants see their points item by item; where it is not set they do not."""
DISCLOSED = "scores_disclosed_to_applicant"
"""Parameter of a city that decides whether applicants learn points, place and votes; without it they learn their own."""
_RANKED = frozenset({"case", "points", "place", "passing", "reason"})
"""What every row of a ranking on record has."""
_ENOUGH = 3
"""Of fewer that went on the lowest points would be known to be somebody's."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground with what was found (met, not_met, or unknown with the facts it lacked in ``empty``), and by whom.

    ``decided_by`` is machine, attested or department; ``why`` is what the person wrote who settled it; ``facts`` decided it.
    """

    text: str
    result: str
    clauses: tuple[CitedArticle, ...]
    decided_by: str
    why: str
    facts: tuple[DecidingFact, ...]
    empty: Text | None


@dataclass(frozen=True, slots=True)
class StageItems:
    """The points of a stage item by item, beside the panel's spread where enough reviewers marked."""

    stage: str
    points: str
    how: str
    sheets: int
    items: tuple[ItemSpread, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A place among the applicants; ``short`` are the points to the lowest that went on, "" where none were missing.

    ``lowest`` are the points of that one, "" for an applicant that went on itself or where fewer than three did.

    ``stages`` are the points by stage.
    """

    points: str
    place: int
    of: int
    passing: bool
    reason: str
    lowest: str
    short: str
    stages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """A counted ballot on the applicant, in sums alone; ``short`` are the votes that were missing."""

    title: str
    counted_at: datetime
    yes: int
    no: int
    abstain: int
    passed: bool
    why: Text
    rule: Text
    short: int

    @property
    def sums(self) -> Text:
        """How the votes fell, in words."""
        return describe_sums(self.yes, self.no, self.abstain)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why the case came out as it did; ``items`` only where the reader may see them.

    ``decision`` is what the organisation was told when its case ended early, in the words of the document; ``strike``
    the government's decision that did not follow the votes.
    """

    case_id: int
    title: str
    outcome: str
    grounds: tuple[Ground, ...]
    items: tuple[StageItems, ...]
    rankings: tuple[Ranking, ...]
    votes: tuple[Vote, ...]
    decision: ToldDecision | None = None
    strike: Strike | None = None

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.grounds or self.items or self.rankings or self.votes or self.decision or self.strike)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application on a list that is to be decided: its points by stage, and how it fared in the rankings and votes of its round.

    ``objections`` are those to it: of each the case, its title, and how it ended ("" while it is open).
    """

    case_id: int
    name: str
    points: tuple[tuple[str, str], ...]
    rankings: tuple[Ranking, ...]
    votes: tuple[Vote, ...]
    objections: tuple[tuple[int, str, str], ...]


@guarded("case.view")
def list_candidates(desk: Desk, actor: Actor, round_id: int, names: Mapping[int, str]) -> tuple[Candidate, ...]:
    """Return how the cases of ``names`` fared in their round; () for who does not oversee its place."""
    with desk.store.read() as tx:
        above = tx.cases.get(round_id)
        require_case(actor, above, tx)
        if not names or not actor.oversees(above.jurisdiction):
            return ()
        ballots, package = _list_counted(tx, above, wide=True), desk.packages.get(above.definition, tx)
        lodged = tx.cases.select(parent_id=[*names], process=objection_kinds(package))
        return tuple(
            Candidate(
                ident,
                name,
                tuple(_iterate_points(desk, tx, actor, tx.cases.get(ident))),
                tuple(_iterate_rankings(above.facts or {}, ident, wide=True)),
                tuple(_iterate_votes(ballots, ident)),
                tuple((row.id, row.title, outcome_name(package, row)) for row in lodged if row.parent_id == ident),
            )
            for ident, name in names.items()
        )


@guarded("case.view")
def list_own_votes(desk: Desk, actor: Actor, case_id: int) -> tuple[tuple[int, Vote], ...]:
    """Return the counted votes on what case ``case_id`` itself is about, such as a revocation, each with its ballot's id.

    () for who does not oversee its place.
    """
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        counted = _list_counted(tx, case, wide=True) if actor.oversees(case.jurisdiction) else ()
        return tuple((row.id, _build_vote(row, at, lines[0], lines)) for row, at, lines in counted if len(lines) == 1)


@guarded("case.view")
def view_reasons(desk: Desk, actor: Actor, case_id: int) -> Reasons:
    """Return why case ``case_id`` came out as it did.

    Its organisation reads it once the case has ended: sums and the panel as a whole, never a reviewer or a single mark.

    Raises:
        NotFound: there is no such case.
        NotAllowed: it is another organisation's, or it still runs.
    """
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        wide = actor.oversees(case.jurisdiction)
        if not wide and (case.subject_id not in actor.body_ids or case.status != "ended"):
            raise NotAllowed(
                Text(
                    "结果的理由在办结后由申报组织自己和负责本辖区的人员查看。",
                    "Reasons are for the organisation itself once its case has ended, and for who oversees the place.",
                )
            )
        return reasons_of(desk, tx, actor, case)


def reasons_of(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> Reasons:
    """Return the reasons within a unit of work; who may read them was asked before."""
    package, wide = desk.packages.get(case.definition, tx), actor.oversees(case.jurisdiction)
    settings = case.parameters or {}
    is_disclosed = wide or settings.get(DISCLOSED, True) is True
    items = wide or (is_disclosed and settings.get(ITEM_SCORES) is True)
    above = tx.cases.get(case.parent_id) if case.parent_id is not None else None
    is_public = wide or above is None or _is_published(tx, above, case.ended_at)
    return Reasons(
        case.id,
        case.title,
        outcome_name(package, case),
        tuple(_iterate_grounds(desk, tx, actor, case, package)),
        tuple(_iterate_stage_items(tx, package, case, actor)) if items and is_public else (),
        tuple(_iterate_rankings(above.facts or {}, case.id, wide=wide))
        if above is not None and is_disclosed and is_public
        else (),
        tuple(_iterate_votes(_list_counted(tx, above, wide=wide), case.id))
        if above is not None and is_disclosed
        else (),
        find_early_decision(tx, package, case),
        _find_strike(tx, package, above, case.id) if above is not None else None,
    )


def _is_published(tx: Transaction, above: CaseRow, since: datetime | None) -> bool:
    """Return whether a round has told the public of what was found by ``since``: it posted a notice then, or it ended.

    Who withdraws after a ranking or a count learns of them no sooner than the others.
    """
    posted = (
        row for row in tx.notices.select(case_id=above.id) if row.audience == "public" and row.state != "recalled"
    )
    return above.status == "ended" or (since is not None and any(row.posted_at >= since for row in posted))


def _iterate_grounds(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package) -> Iterator[Ground]:
    against = [row for row in tx.findings.select(case_id=case.id, current=True) if row.result != "met"]
    if not against:
        return
    wide = actor.oversees(case.jurisdiction)
    forms = [
        submission
        for submission in submissions_of(desk, tx, actor, case, package, names=False)
        if wide or submission.own
    ]
    readable = Readable(case, forms, wide)
    for row in against:
        yield ground_of(desk, package, row, readable)


def ground_of(desk: Desk, package: Package, row: FindingRow, readable: Readable) -> Ground:
    """Return a ground with what was found, and what decided it as far as the reader may see that."""
    return Ground(
        row.text,
        row.result,
        cite(package, row.clauses),
        row.decided_by,
        get_finding_reason(row),
        facts_of(desk, package, row, readable),
        describe_missing_facts(package, row),
    )


def _iterate_points(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> Iterator[tuple[str, str]]:
    """Yield the stages that are over, each with its points."""
    for stage in stages_of_case(tx, desk.packages.get(case.definition, tx), case, actor, wide=True):
        if stage.state == "closed" and stage.points:
            yield stage.stage, stage.points


def _iterate_stage_items(tx: Transaction, package: Package, case: CaseRow, actor: Actor) -> Iterator[StageItems]:
    """Yield the stages that are over and that enough reviewers marked."""
    for stage in stages_of_case(tx, package, case, actor, wide=True):
        agreed = stage.consensus.sheet if stage.consensus is not None else None
        item_spread = spread_of([view.sheet for view in stage.sheets], agreed) if stage.state == "closed" else ()
        if item_spread and stage.points:
            yield StageItems(stage.stage, stage.points, stage.how, len(stage.sheets), item_spread)


def _iterate_rankings(facts: Mapping[str, Any], case_id: int, *, wide: bool) -> Iterator[Ranking]:
    """Yield the rankings on record above the case in which it has a row."""
    for rows in facts.values():
        ranked = isinstance(rows, list) and all(isinstance(row, Mapping) and row.keys() >= _RANKED for row in rows)
        case_row = next((row for row in rows if row["case"] == case_id), None) if ranked else None
        if case_row is not None:
            yield _build_ranking(
                case_row, [row for row in rows if row.get("group") == case_row.get("group")], wide=wide
            )


def _build_ranking(case_row: Mapping[str, Any], rows: list[Mapping[str, Any]], *, wide: bool) -> Ranking:
    passing = [_to_fraction(row["points"]) for row in rows if row["passing"]]
    lowest = min(passing, default=None)
    short = lowest - _to_fraction(case_row["points"]) if lowest is not None and not case_row["passing"] else Fraction(0)
    named = lowest is not None and (wide or (short > 0 and len(passing) >= _ENOUGH))
    return Ranking(
        shown(_to_fraction(case_row["points"])),
        int(case_row["place"]),
        len(rows),
        bool(case_row["passing"]),
        str(case_row["reason"]),
        shown(lowest) if lowest is not None and named else "",
        shown(short) if short > 0 else "",
        tuple((stage, shown(_to_fraction(points))) for stage, points in (case_row.get("stages") or {}).items()),
    )


def _to_fraction(points: object) -> Fraction:
    return Fraction(Decimal(str(points)))


_Counted = tuple[BallotRow, datetime, list[Mapping[str, Any]]]
"""A ballot, when it was counted, and the line of each candidate."""


def _list_counted(tx: Transaction, above: CaseRow, *, wide: bool) -> list[_Counted]:
    ballots = []
    for row in tx.ballots.select(case_id=above.id):
        result = tx.ballot_results.find(ballot_id=row.id) if row.state == COUNTED else None
        if result is not None and (wide or _is_published(tx, above, result.counted_at)):
            ballots.append((row, result.counted_at, result.outcome["lines"]))
    return ballots


def _iterate_votes(ballots: Iterable[_Counted], case_id: int) -> Iterator[Vote]:
    for row, at, lines in ballots:
        yield from (_build_vote(row, at, line, lines) for line in lines if line["candidate"] == str(case_id))


def _build_vote(row: BallotRow, at: datetime, line: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> Vote:
    threshold = Box(row).agenda.tier(line["tier"]).threshold_under(Box(row).rules)
    return Vote(
        row.title,
        at,
        line["yes"],
        line["no"],
        line["abstain"],
        bool(line["passed"]),
        Text(line["why"]["zh"], line["why"]["en"]),
        threshold.text,
        votes_short(threshold, line, lines),
    )


def votes_short(threshold: Threshold, line: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> int:
    """Return how many more votes would have passed the threshold or, beyond it, the last who was elected."""
    needed = next((n for n in range(line["base"] + 1) if threshold.met(n, line["base"])), line["base"])
    if line["yes"] < needed:
        return int(needed - line["yes"])
    if line["result"] == "elected":
        return 0
    elected = [
        elected_line["yes"]
        for elected_line in lines
        if elected_line["tier"] == line["tier"] and elected_line["result"] == "elected"
    ]
    return int(max(min(elected) + 1 - line["yes"], 0)) if elected else 0
