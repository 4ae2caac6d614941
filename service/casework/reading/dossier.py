"""The dossier of an application (评审档案) for reviewers: everything about it, to read and to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from statistics import median

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case
from service.casework.access.declarations import DECIDED, awaiting_recusal
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import FileView, list_visible_uploads
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.lacked import describe_missing_facts
from service.casework.reading.submissions import Submission, readable_uploads, submissions_of
from service.casework.scope.record import sheet_of
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Package
from service.domain.errors import NotAllowed
from service.domain.review import Edition, ScoredItem, Sheet, shown
from service.domain.text import Text
from service.store import Transaction
from service.store.models import AppointmentRow, CaseRow, PanelMemberRow, PanelRow, SheetRow, StageScoreRow


@dataclass(frozen=True, slots=True)
class SheetView:
    """One sheet beside the others."""

    row: SheetRow
    who: str
    leader: bool
    sheet: Sheet
    total: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of a panel; ``state`` active, recused, replaced or disqualified, and why.

    ``waits`` says whether it is still to be decided if they are recused; that is told to who oversees the case.
    """

    person: int
    name: str
    leader: bool
    state: str
    reason: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class ReviewStage:
    """A stage of review: who reviewed, their sheets side by side, what came of it.

    ``group`` names the professional group whose applications the same panel reviews.
    """

    stage: str
    panel: int
    state: str
    members: tuple[MemberView, ...]
    edition: Edition | None
    sheets: tuple[SheetView, ...]
    dropped: tuple[SheetView, ...]
    consensus: SheetView | None
    points: str
    how: str
    divergent: tuple[str, ...]
    reasons: Mapping[str, str]


PANEL_OPINION = "panel_opinion"
"""The form in which the leader writes down what a panel found of an applicant."""


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A ground of eligibility as found; ``empty`` names the facts that an unknown one lacked."""

    text: str
    result: str
    clauses: tuple[CitedArticle, ...]
    empty: Text | None = None


@dataclass(frozen=True, slots=True)
class RecusalView:
    """A person recused from the applicant: an expert, a voting member or staff."""

    id: int
    name: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application with its forms, findings, documents, stages and appointments."""

    case: CaseRow
    award: Text
    applicant: str
    submissions: tuple[Submission, ...]
    findings: tuple[FindingLine, ...]
    documents: tuple[tuple[int, str, str, datetime], ...]
    stages: tuple[ReviewStage, ...]
    appointments: tuple[AppointmentRow, ...]
    recusals: tuple[RecusalView, ...] = ()
    files: tuple[FileView, ...] = ()
    """Files that the applicant and others sent, as far as the reader reads them."""


@guarded("review.view")
def view_dossier(desk: Desk, actor: Actor, case_id: int) -> Dossier:
    """Return the dossier of an application.

    Evaluators see it without the sheets of others while their stage is open; the applicant and the
    recommending bodies do not see it at all.

    Raises:
        NotAllowed: the actor is recused, no reviewer of the case, and does not oversee it.
    """
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        wide = actor.oversees(case.jurisdiction)
        reviewer = actor.person_id is not None and tx.panels.reviews(actor.person_id, case_id)
        if not wide and not reviewer:
            raise NotAllowed(
                Text(
                    "评审档案只供办公室、监督机构和评审组查看。",
                    "Dossiers are for the office, supervisors and the panel.",
                )
            )
        package = desk.packages.get(case.definition, tx)
        applicant = tx.bodies.get(case.subject_id).name if case.subject_id else case.title
        return Dossier(
            case,
            package.award.text,
            applicant,
            tuple(reversed(submissions_of(desk, tx, actor, case, package))),
            tuple(
                FindingLine(f.text, f.result, cite(package, f.clauses), describe_missing_facts(package, f))
                for f in tx.findings.select(case_id=case_id, current=True)
            ),
            tuple(
                (d.id, d.title, d.content.get("number") or "", d.issued_at)
                for d in tx.documents.select(case_id=case_id)
            ),
            stages_of_case(tx, package, case, actor, wide=wide),
            tuple(a for a in tx.appointments.select(case_id=case_id) if a.state == "planned"),
            _list_recusals(tx, case) if wide else (),
            list_visible_uploads(tx, package, case, readable_uploads(tx, actor, case, package)),
        )


def _list_recusals(tx: Transaction, case: CaseRow) -> tuple[RecusalView, ...]:
    rows = [
        row
        for row in tx.recusals.select(body_id=subject_ids(case), lifted_at=None)
        if row.jurisdiction == case.jurisdiction
    ]  # what others decided is theirs
    names = tx.people.named({r.person_id for r in rows})
    return tuple(RecusalView(r.id, names.get(r.person_id, ""), r.reason, r.decided_at) for r in rows)


def stages_of_case(
    tx: Transaction, package: Package, case: CaseRow, actor: Actor, *, wide: bool
) -> tuple[ReviewStage, ...]:
    """Return the stages of review of a case; readers without ``wide`` see the sheets of closed panels and their own.

    Why another member left the panel is shown with ``wide`` only.
    """
    panels = tx.panels.of_case(case.id)
    members = tx.panel_members.select(panel_id=[p.id for p in panels])
    sheets = tx.sheets.select(case_id=case.id)
    names = tx.people.named({m.person_id for m in members} | {s.person_id for s in sheets})
    results = {r.stage: r for r in tx.stage_scores.select(case_id=case.id)}
    stages = []
    for panel in panels:
        open_to_all = wide or panel.state == "closed" or panel.leader_id == actor.person_id
        rows = [s for s in sheets if s.stage == panel.stage and (open_to_all or s.person_id == actor.person_id)]
        stage_members = [m for m in members if m.panel_id == panel.id]
        visible = (
            stage_members
            if wide
            else [replace(m, reason="") if m.person_id != actor.person_id else m for m in stage_members]
        )
        waiting = _list_undecided(tx, panel, case) if wide and panel.state == "open" else frozenset()
        result = results.get(panel.stage) if open_to_all else None
        stages.append(_build_stage(package, panel, visible, rows, names, result, waiting))
    return tuple(stages)


def sheets_behind_opinion(
    tx: Transaction, package: Package, case: CaseRow, actor: Actor, form: str | None
) -> ReviewStage | None:
    """Return the stage whose sheets the leader sums up in the opinion of the panel; None at any other form."""
    if form != PANEL_OPINION:
        return None
    stages = [s for s in stages_of_case(tx, package, case, actor, wide=False) if s.sheets]
    led = [s for s in stages if any(m.leader and m.person == actor.person_id for m in s.members)]
    return led[-1] if led else None


def _list_undecided(tx: Transaction, panel: PanelRow, case: CaseRow) -> frozenset[int]:
    """Return the members of whom it is still to be decided whether they are recused: by what they declared, or is on record."""
    decided = {(d["person"], d["body"]) for d in panel.settings.get(DECIDED, ())}
    tie_keys = {(int(tie["person"]), int(tie["body"])) for tie in panel.settings.get("ties", ())}
    return awaiting_recusal(tx, case) | {person for person, _ in tie_keys - decided}


def _build_stage(
    package: Package,
    panel: PanelRow,
    members: list[PanelMemberRow],
    rows: list[SheetRow],
    names: Mapping[int, str],
    result: StageScoreRow | None,
    waiting: frozenset[int],
) -> ReviewStage:
    views = [_build_sheet(package, row, names, panel) for row in rows]
    views_by_person = {v.row.person_id: v for v in views if v.row.kind == "own" and v.row.state == "valid"}
    agreed = [v for v in views if v.row.kind == "consensus" and v.row.state == "valid"]
    details = result.details if result else {}
    return ReviewStage(
        panel.stage,
        panel.id,
        panel.state,
        tuple(
            MemberView(
                m.person_id,
                names.get(m.person_id, ""),
                m.person_id == panel.leader_id,
                m.state,
                m.reason,
                m.state == "active" and m.person_id in waiting,
            )
            for m in members
        ),
        views[0].sheet.edition if views else None,
        tuple(views_by_person.values()),
        tuple(v for v in views if v.row.state in ("dropped", "conflict")),
        agreed[-1] if agreed else None,
        shown(result.points) if result else "",
        result.how if result else "",
        tuple(d["item"] for d in details.get("divergent", [])),
        details.get("reasons", {}),
    )


def _build_sheet(package: Package, row: SheetRow, names: Mapping[int, str], panel: PanelRow) -> SheetView:
    sheet = sheet_of(package.edition(row.edition), row)
    leads = row.person_id == panel.leader_id
    return SheetView(row, names.get(row.person_id, ""), leads, sheet, shown(row.points))


_FEWEST = 2


@dataclass(frozen=True, slots=True)
class ItemDistance:
    """An item in percent of its points: what was given, the median of the panel, and how far above it that is."""

    item: ScoredItem
    own: int
    middle: Fraction
    apart: Fraction


@dataclass(frozen=True, slots=True)
class PanelDistance:
    """The items on which a reviewer is apart from the panel, the furthest first, and the totals in points."""

    items: tuple[ItemDistance, ...]
    own: str
    middle: str
    apart: Fraction
    sheets: int


def distance_of(stage: ReviewStage, person: int | None) -> PanelDistance | None:
    """Return the distance of ``person`` to the panel of a stage.

    None while the panel is open, so that nobody who has still to score, or to agree, is led by it; for who sent no
    sheet that counts; and where there is no other.
    """
    mine = next((view for view in stage.sheets if view.row.person_id == person), None)
    if stage.state != "closed" or mine is None or len(stage.sheets) < _FEWEST or stage.edition is None:
        return None
    middles = _compute_medians(stage.sheets)
    items = [
        ItemDistance(item, score.percent, middles[item.id], score.percent - middles[item.id])
        for item in stage.edition.items.values()
        if (score := mine.sheet.scores.get(item.id)) is not None and score.percent is not None
    ]
    apart = sorted(
        (divergent_item for divergent_item in items if divergent_item.apart),
        key=lambda divergent_item: -abs(divergent_item.apart),
    )
    middle = Fraction(median(view.sheet.total for view in stage.sheets))
    return PanelDistance(tuple(apart), mine.total, shown(middle), mine.sheet.total - middle, len(stage.sheets))


def _compute_medians(sheets: tuple[SheetView, ...]) -> Mapping[str, Fraction]:
    percents_by_item: dict[str, list[int]] = {}
    for view in sheets:
        for item, score in view.sheet.scores.items():
            if score.percent is not None:
                percents_by_item.setdefault(item, []).append(score.percent)
    return {item: Fraction(median(map(Fraction, percents))) for item, percents in percents_by_item.items()}
