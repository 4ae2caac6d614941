"""What a job proposes to write into the scenarios of a draft: shown for each of them, then written at once or not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.work.jobs import Job, latest_job, latest_result
from service.catalog import Package
from service.catalog.played_version import rests_on
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Transaction


class OfScenario(Protocol):
    """Something that belongs to the scenario at ``path``."""

    @property
    def path(self) -> str: ...  # noqa: D102


class LineOfProposal(OfScenario, Protocol):
    """What is proposed for a scenario; ``hash`` is that of the file that was looked at."""

    @property
    def hash(self) -> str: ...  # noqa: D102


class Proposal(Protocol):
    """What would be written into the ``writable`` scenarios under the rules of ``version``."""

    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def writable(self) -> Sequence[LineOfProposal]: ...  # noqa: D102


Line = TypeVar("Line", bound=OfScenario)
Proposed = TypeVar("Proposed", bound=Proposal)


@dataclass(frozen=True, slots=True)
class ProposalView(Generic[Proposed]):
    """The newest proposal of a draft; ``stale`` when the draft changed since, ``job`` while it is made."""

    package: Package
    job: Job | None
    proposal: Proposed | None
    stale: bool


def newest_proposal(desk: Desk, tx: Transaction, draft: int, key: str, kind: type[Proposed]) -> ProposalView[Proposed]:
    """Return the newest proposal of the jobs with ``key`` for ``draft``, and the job that makes one."""
    tree = tree_of(desk, tx, draft)
    job, found = latest_job(tx, draft, key), latest_result(tx, draft, key, kind)
    return ProposalView(tree.package, job, found, found is not None and _changed(tree, found))


def demand_proposal(
    desk: Desk, tx: Transaction, draft: int, key: str, kind: type[Proposed], outdated: Text
) -> tuple[DraftTree, Proposed]:
    """Return the files of ``draft`` and the newest proposal for them.

    Raises Conflict, with ``outdated``, where the draft changed since or there is none.
    """
    tree = tree_of(desk, tx, draft)
    proposal = latest_result(tx, draft, key, kind)
    if proposal is None or _changed(tree, proposal):
        raise Conflict(outdated)
    return tree, proposal


def chosen_lines(lines: Sequence[Line], paths: Collection[str]) -> list[Line]:
    """Return those of ``lines`` that are wanted; raises Invalid where there are none."""
    chosen = [line for line in lines if line.path in paths]
    if not chosen:
        raise Invalid(Text("没有选中情景，请至少勾选一个。", "No scenario is chosen: tick one at least."))
    return chosen


def _changed(tree: DraftTree, proposal: Proposal) -> bool:
    """Tell whether the rules, or a scenario that would be written, are others than the proposal was made with."""
    return not rests_on(proposal.version, tree.package) or any(
        hash_of(tree.filled.get(line.path)) != line.hash for line in proposal.writable
    )
