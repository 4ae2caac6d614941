"""The proof sheet as the public reads it: for every clause the scenarios that fail without it, and nothing typed in a season."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.proof_sheet import ProofSheet, sheet_at_publication
from service.catalog import Clause, Package
from service.catalog.coverage.matrix import ClauseLine, ClauseStatus
from service.catalog.law.clause_trials import NOTHING, TrialVerdict
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class PublicTrial:
    """What taking out what cites a clause came to: ``what`` was missing, scenario ``title`` failed at ``step`` (0 the end).

    ``title`` is "" where nobody noticed.
    """

    verdict: TrialVerdict
    what: Text = NOTHING
    title: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class PublicProofLine:
    """A clause with what became of it, the titles of the scenarios that prove it, and its trial where there was one."""

    clause: Clause
    status: ClauseStatus
    reason: str
    scenarios: tuple[str, ...]
    trial: PublicTrial | None


@dataclass(frozen=True, slots=True)
class PublicProofs:
    """The proof sheet of the current version without what its scenarios type and expect.

    Those words may be anybody's: whoever studies the law reads them on the sheet of the version. ``played`` tells
    whether it is on record which scenarios passed when the version was published.
    """

    package: Package
    lines: tuple[PublicProofLine, ...]
    proved: int
    tested: int
    played: bool

    @property
    def scenarios(self) -> int:
        """How many scenarios prove something."""
        return len({title for line in self.lines for title in line.scenarios})


@guarded("definition.view")
def view_public_proofs(desk: Desk, actor: Actor, package_key: str) -> PublicProofs:
    """Return the proof sheet of the published package as everybody may read it; raises NotFound."""
    del actor
    with desk.store.read() as tx:
        sheet = sheet_at_publication(tx, desk.packages.current(package_key, tx))
    lines = tuple(_line(sheet, line) for line in sheet.lines)
    tested = sum(line.trial is not None for line in lines)
    return PublicProofs(sheet.package, lines, sheet.proved, tested, sheet.played is not None)


def _line(sheet: ProofSheet, line: ClauseLine) -> PublicProofLine:
    titles = tuple(dict.fromkeys(proof.title for proof in line.proofs if sheet.holds(proof)))
    return PublicProofLine(line.clause, line.status, line.reason, titles, _trial(sheet, line.clause.id))


def _trial(sheet: ProofSheet, clause: str) -> PublicTrial | None:
    trial = sheet.trials.get(clause)
    if trial is None:
        return None
    seen = trial.first(noticed=True)
    return PublicTrial(trial.verdict) if seen is None else PublicTrial(trial.verdict, seen.what, seen.title, seen.step)
