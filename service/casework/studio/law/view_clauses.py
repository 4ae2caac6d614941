"""The clause workbench: the law of a draft as text, with what carries each clause out."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.scenarios.scenario_verdicts import verdicts_of
from service.catalog.assistants.asked_condition import introduced_by
from service.catalog.coverage.cited_only import cited_only
from service.catalog.coverage.matrix import ClauseLine, ClauseStatus, Matrix, as_played, matrix
from service.catalog.law.clause_uses import ClauseUse, uses_of_clause
from service.catalog.law.law import Law
from service.catalog.package import Package
from service.domain.errors import NotFound
from service.domain.text import Text

_OPEN = (
    ClauseStatus.UNCOVERED,
    ClauseStatus.LATER,
    ClauseStatus.UNPROVED,
    ClauseStatus.UNPLAYED,
    ClauseStatus.FAILED,
)
_WITHOUT_ANSWER = (ClauseStatus.UNCOVERED, ClauseStatus.LATER)
"""Of which nobody said yet what becomes of them."""


@dataclass(frozen=True, slots=True)
class LawArticle:
    """Clauses of one passage, in their order."""

    name: str
    lines: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class ClauseBench:
    """The law of a draft: ``articles`` as shown, ``counts`` of all clauses, and the clause that was chosen.

    ``uses`` are the lines of files that name the chosen clause. ``cited_only`` tells that nothing
    that cites it can carry it out. ``items`` are those of the list that it introduces while nothing is settled about itself.
    """

    draft: DraftView
    law: Law
    articles: tuple[LawArticle, ...]
    counts: tuple[tuple[ClauseStatus, int], ...]
    chosen: ClauseLine | None
    uses: tuple[ClauseUse, ...]
    cited_only: bool = False
    items: tuple[ClauseLine, ...] = ()

    @property
    def items_settled(self) -> bool:
        """Whether the chosen clause introduces a list of which no item is left open."""
        return bool(self.items) and not any(line.status in _WITHOUT_ANSWER for line in self.items)


@guarded("draft.view")
def view_clauses(
    desk: Desk, actor: Actor, draft: int, chosen: str = "", status: str = "", text: str = "", element: str = ""
) -> ClauseBench:
    """Return the clauses of a draft, those of ``status``, with ``text`` in them, or cited by ``element`` alone.

    Raises NotFound for a chosen clause that the register does not have.
    """
    view = view_draft(desk, actor, draft)
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        found = as_played(matrix([view.package]), verdicts_of(tx, draft, tree))
    files = tree.filled
    chosen_line = next((line for line in found.lines if line.clause.id == chosen), None)
    if chosen and chosen_line is None:
        raise NotFound(
            Text(f"条款登记中没有“{chosen}”，可能已被移除。", f"The register has no clause “{chosen}”: it was removed.")
        )
    lines = [line for line in found.lines if _shown(line, status, text.strip(), element)]
    city = view.package.jurisdiction.id
    return ClauseBench(
        view,
        view.package.law,
        _by_article(lines),
        tuple((one, found.count(one)) for one in ClauseStatus),
        chosen_line,
        uses_of_clause(files, city, chosen) if chosen else (),
        bool(chosen) and chosen in cited_only(view.package),
        _items(view.package, found, chosen_line),
    )


def _items(package: Package, found: Matrix, chosen: ClauseLine | None) -> tuple[ClauseLine, ...]:
    if chosen is None or chosen.status not in _WITHOUT_ANSWER:
        return ()
    listed = {clause.id for clause in introduced_by(package, chosen.clause.id)}
    return tuple(line for line in found.lines if line.clause.id in listed)


def _shown(line: ClauseLine, status: str, text: str, element: str) -> bool:
    if status == "OPEN" and line.status not in _OPEN:
        return False
    if status not in ("", "OPEN") and line.status.name != status:
        return False
    if element and not any(place.element == element for place in line.places):
        return False
    clause = line.clause
    return text.lower() in f"{clause.id} {clause.article} {clause.summary} {clause.text}".lower()


def _by_article(lines: list[ClauseLine]) -> tuple[LawArticle, ...]:
    articles: dict[str, list[ClauseLine]] = {}
    for line in lines:
        articles.setdefault(line.clause.article, []).append(line)
    return tuple(LawArticle(name, tuple(held)) for name, held in articles.items())
