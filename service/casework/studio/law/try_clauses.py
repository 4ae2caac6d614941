"""Try the clauses of a draft: what cites each is taken out or changed, and the scenarios that claim it must fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.law.trial_fingerprint import TrialMarks, claims_of
from service.casework.studio.law.trial_plays import ClauseTrials, clause_trials
from service.casework.studio.work.jobs import Job, JobOrder, NextTurn, Run, kept_result, latest_job, start_job
from service.catalog import Package
from service.catalog.law.clause_trials import ClauseTrial, TrialVerdict
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction

TRIALS = "clause-trials"
"""The key of the jobs that try clauses."""
MOST, MOST_OF_ONE = 12, 60
"""Changes of a clause that are played when all are tried, and when it is asked for by itself."""
SECONDS = 15 * 60
"""So long all clauses are tried at most, without the turns of others; the rest is tried the next time."""


@dataclass(frozen=True, slots=True)
class TrialReport:
    """The trials of the clauses of a draft, each as it was found last; what they rest on may have changed since."""

    trials: tuple[ClauseTrial, ...]


@dataclass(frozen=True, slots=True)
class TrialView:
    """How far the trials of a draft are: by clause those that still hold, and how many clauses are claimed.

    ``job`` is the newest run, without its result. ``lapsed`` counts those found before the draft changed what they rest on.
    """

    package: Package
    trials: Mapping[str, ClauseTrial]
    claimed: tuple[str, ...]
    job: Job | None
    lapsed: int = 0

    @property
    def waiting(self) -> int:
        """How many clauses that a scenario claims were not tried on the draft as it is."""
        return sum(clause not in self.trials for clause in self.claimed)

    def count(self, *verdicts: TrialVerdict) -> int:
        """Return how many trials came to one of ``verdicts``."""
        return sum(trial.verdict in verdicts for trial in self.trials.values())


@guarded("draft.view")
def view_trials(desk: Desk, actor: Actor, draft: int) -> TrialView:
    """Return the trials of the clauses of ``draft`` that hold for it as it is; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        report = kept_result(tx, draft, TRIALS, TrialReport)
        holding, claimed = trials_of(tx, draft, tree), _claimed(tree)
        lapsed = sum(one.clause in claimed and one.clause not in holding for one in report.trials) if report else 0
        return TrialView(tree.package, holding, claimed, latest_job(tx, draft, TRIALS), lapsed)


@guarded("draft.view")
def try_clauses(desk: Desk, actor: Actor, draft: int, clauses: Sequence[str] = ()) -> int:
    """Start trying ``clauses`` of ``draft``, without any all that were not tried as it is; returns the job's number.

    A run that is under way is stopped; what it found is kept. Raises NotFound for a clause that the register does not
    have, Invalid for one that no scenario claims, and where none is claimed at all.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        known = trials_of(tx, draft, tree)
    claimed = _claimed(tree)
    for clause in clauses:
        _demand_claimed(tree.package, clause, claimed)
    if not claimed:
        raise Invalid(
            Text(
                "没有情景声称证明哪一条，无从检验。请先在情景的期望上注明它证明的条款。",
                "No scenario claims to prove a clause: name the clauses on the expectations of the scenarios first.",
            )
        )
    todo = tuple(dict.fromkeys(clauses)) or tuple(clause for clause in claimed if clause not in known)
    most = MOST_OF_ONE if clauses else MOST
    order = JobOrder(TRIALS, max(len(todo), 1), {"work": TRIALS, "clauses": list(clauses)})
    return start_job(desk, actor, draft, order, lambda job: _try(desk, draft, tree, todo, most, job))


def trials_of(tx: Transaction, draft: int, tree: DraftTree) -> dict[str, ClauseTrial]:
    """Return by clause the trials of ``draft`` that hold for ``tree``: what their plays read is as it was."""
    report = kept_result(tx, draft, TRIALS, TrialReport)
    if report is None:
        return {}
    marks = TrialMarks(tree.package, tree.filled)
    return {one.clause: one for one in report.trials if marks.holds(one)}


@dataclass(slots=True)
class _Turns:
    """Tries clauses one after another, at most ``most`` changes of each; jobs of others go on in between."""

    trials: ClauseTrials
    todo: Sequence[str]
    most: int
    found: dict[str, ClauseTrial]
    _done: int = field(default=0)
    _seconds: float = field(default=0.0)

    def turn(self, job: Run) -> TrialReport | NextTurn:
        """Try the next clause; what it comes to is kept at once."""
        if self._done < len(self.todo):
            self._try_next(job)
        over = self._done == len(self.todo) or self._seconds > SECONDS
        return TrialReport(tuple(self.found.values())) if over else NextTurn(self.turn)

    def _try_next(self, job: Run) -> None:
        began, clause = job.own_seconds(), self.todo[self._done]
        label = f"{self._done + 1}/{len(self.todo)} {self.trials.tree.package.law.article(clause)}"
        job.beat(self._done, len(self.todo), Text(label, label))
        self.found[clause] = self.trials.trial(clause, self.most, self.found.get(clause))
        job.keep(TrialReport(tuple(self.found.values())))
        self._done += 1
        self._seconds += job.own_seconds() - began


def _try(desk: Desk, draft: int, tree: DraftTree, todo: Sequence[str], most: int, job: Run) -> TrialReport | NextTurn:
    with desk.store.read() as tx:
        report = kept_result(tx, draft, TRIALS, TrialReport)
    found = {one.clause: one for one in report.trials} if report else {}
    return _Turns(clause_trials(desk, tree, job), todo, most, found).turn(job)


def _claimed(tree: DraftTree) -> tuple[str, ...]:
    """Return the clauses that a scenario claims, in the order of the text."""
    claims = claims_of(tree.package)
    return tuple(clause for clause in tree.package.law.clauses if clause in claims)


def _demand_claimed(package: Package, clause: str, claimed: Sequence[str]) -> None:
    if clause not in package.law.clauses:
        raise NotFound(
            Text(f"条款登记中没有“{clause}”，可能已被移除。", f"The register has no clause “{clause}”: it was removed.")
        )
    if clause not in claimed:
        raise Invalid(
            Text(
                f"没有情景声称证明“{clause}”，无从检验。请先在情景里加一条看它结果的期望，注明证明“{clause}”。",
                f"No scenario claims to prove “{clause}”: add an expectation that looks at what comes of it, and name it there.",
            )
        )
