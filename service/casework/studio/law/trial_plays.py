"""The plays of trials: what cites a clause is changed, and the scenarios that claim the clause are played with it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from service.casework.desk.desk import Desk
from service.casework.simulate.mutants.mutant_play import MutantPlay, MutantStage, UnmetAt
from service.casework.simulate.mutants.witness import Witness, concerns
from service.casework.simulate.stage.stage import Workshop
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.trial_fingerprint import TrialMarks, changes_of, claims_of, files_read
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, read_file
from service.casework.studio.work.jobs import Run
from service.catalog import Package
from service.catalog.law.clause_trials import ChangeTrial, ClauseTrial
from service.catalog.mutants import Mutant, changed
from service.domain.errors import LaurelError
from service.domain.text import Text

_UNREADABLE = Text("流程包能读出来", "the package can be read")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A scenario that claims a clause; ``witness`` is None where it fails anyway."""

    file: ScenarioFile
    witness: Witness | None


@dataclass(slots=True)
class ClauseTrials:
    """Tries the clauses of one draft; a scenario that claims several is played once as it is, a change once with each.

    ``pause`` is called between two plays.
    """

    stage: MutantStage
    tree: DraftTree
    marks: TrialMarks
    _claims: Mapping[str, tuple[str, ...]]
    _changes: Mapping[str, tuple[Mutant, ...]]
    pause: Callable[[], None]
    _files: dict[str, ScenarioFile] = field(default_factory=dict)
    _witnesses: dict[str, Witness | None] = field(default_factory=dict)
    _played: dict[tuple[str, str], MutantPlay] = field(default_factory=dict)

    def trial(self, clause: str, most: int, before: ClauseTrial | None = None) -> ClauseTrial:
        """Try ``clause``: at most ``most`` of its changes are played, the rest is left.

        Where ``before`` left some and still holds, what it played is taken from it, and the plays go on behind.
        """
        claims = self._claims_of(clause)
        red = tuple(one.file.path for one in claims if one.witness is None)
        witnesses = [one for one in claims if one.witness is not None]
        visits = {visit for one in witnesses if one.witness for visit in one.witness.visits}
        before = before if before and before.left and before.red == red and self.marks.holds(before) else None
        played = deque(one for one in before.changes if one.passes) if before else deque[ChangeTrial]()
        found: list[ChangeTrial] = []
        asked, left, tried = 0, 0, self._changes.get(clause, ()) if witnesses else ()
        for mutant in tried:
            passing = [one for one in witnesses if one.witness and concerns(mutant, one.witness)]
            if passing and played and _is_of(played[0], mutant):
                found.append(played.popleft())
                continue
            if passing and asked >= most:
                left += 1
                continue
            asked += bool(passing)
            found.append(self._asked(mutant, clause, passing, witnesses[0].file, visits))
        noticed, reads = sum(one.noticed for one in found), set(files_read(self.tree.package, tried, visits))
        every = tuple(sorted(reads.union(before.reads if before else ())))
        mark = self.marks.of(clause, every, whole=bool(red))
        return ClauseTrial(clause, noticed, len(found) - noticed, left, tuple(found), red, every, mark)

    def _claims_of(self, clause: str) -> list[_Claim]:
        """Return the scenarios that claim ``clause``, the shortest first."""
        files = [self._file(path) for path in self._claims.get(clause, ())]
        files.sort(key=lambda file: (len(file.scenario.moves) if file.scenario else 0, file.path))
        return [_Claim(file, self._witness(file)) for file in files]

    def _file(self, path: str) -> ScenarioFile:
        if path not in self._files:
            self._files[path] = read_file(self.tree.filled, path)
        return self._files[path]

    def _witness(self, file: ScenarioFile) -> Witness | None:
        if file.path not in self._witnesses:
            text = self.tree.filled[file.path].decode(errors="replace")
            self._witnesses[file.path] = (
                self.stage.witness(file.scenario, file.name, text) if file.scenario is not None else None
            )
        return self._witnesses[file.path]

    def _asked(
        self, mutant: Mutant, clause: str, passing: list[_Claim], nearest: ScenarioFile, visits: set[str]
    ) -> ChangeTrial:
        """Return what the scenarios say of one change; the first that fails settles it."""
        near = passing[0].file if passing else nearest
        unnoticed = ChangeTrial(mutant.told, mutant.target, mutant.node, near=near.path, passes=bool(passing))
        tried: Package | None = None
        for claim in passing:
            key = mutant.id, claim.file.path
            if key not in self._played:
                try:
                    tried = tried or changed(self.tree.package, [mutant])
                except LaurelError as error:
                    return _noticed(unnoticed, claim.file, UnmetAt(0, _UNREADABLE, error.message), clause)
                assert claim.file.scenario is not None  # a witness was read
                self.pause()
                self._played[key] = self.stage.play(tried, claim.file.scenario)
            played = self._played[key]
            visits |= played.visits
            if played.failures:
                telling = min(played.failures, key=lambda one: clause not in one.proves)
                return _noticed(unnoticed, claim.file, telling, clause)
        return unnoticed


def _is_of(found: ChangeTrial, mutant: Mutant) -> bool:
    """Return whether ``found`` is what came of ``mutant``."""
    return (found.what, found.file, found.element) == (mutant.told, mutant.target, mutant.node)


def _noticed(change: ChangeTrial, by: ScenarioFile, failure: UnmetAt, clause: str) -> ChangeTrial:
    return replace(
        change,
        scenario=by.path,
        title=by.title,
        step=failure.step,
        expected=failure.expected,
        found=failure.found,
        own=clause in failure.proves,
    )


def clause_trials(desk: Desk, tree: DraftTree, job: Run) -> ClauseTrials:
    """Return what tries the clauses of the draft ``tree``; ``job`` is asked between the steps whether it should stop."""
    package = tree.package
    stage = MutantStage(package, desk.calendars, desk.operations, Workshop(), lambda _step: job.check())
    return ClauseTrials(
        stage, tree, TrialMarks(package, tree.filled), claims_of(package), changes_of(package), job.pause
    )
