"""The proof sheet as the public reads it: for every clause the scenarios that fail without it, and nothing typed in a season."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.proof_sheet import ProofSheet, sheet_at_publication
from service.casework.reading.version_names import version_names
from service.casework.reading.version_record import first_days, withdrawals
from service.catalog import Clause, Package
from service.catalog.coverage.matrix import ClauseLine, ClauseStatus
from service.catalog.law.clause_trials import NOTHING, TrialVerdict
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """A published version: ``name`` is what people call it, ``withdrawn_at`` when it was withdrawn, where it is."""

    version: str
    name: Text
    current: bool
    withdrawn_at: datetime | None = None


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
    """The proof sheet of a version without what its scenarios type and expect.

    Those words may be anybody's: whoever studies the law reads them on the sheet of the version. ``played`` tells
    whether it is on record which scenarios passed when the version was published; ``others`` are the other versions that
    were published, newest first, those that were withdrawn among them.
    """

    package: Package
    version: PublicVersion
    others: tuple[PublicVersion, ...]
    lines: tuple[PublicProofLine, ...]
    proved: int
    tested: int
    played: bool

    @property
    def scenarios(self) -> int:
        """How many scenarios prove something."""
        return len({title for line in self.lines for title in line.scenarios})


@guarded("definition.view")
def view_public_proofs(desk: Desk, actor: Actor, package_key: str, version: str = "") -> PublicProofs:
    """Return the proof sheet of the published package as everybody may read it, of one ``version`` or of the current one.

    Raises NotFound, also for a version of another package.
    """
    del actor
    with desk.store.read() as tx:
        current = desk.packages.current(package_key, tx)
        versions = _versions(tx, package_key)
        chosen = next((one for one in versions if one.version == (version or current.version)), None)
        if chosen is None:
            raise NotFound(
                Text(
                    f"“{package_key}”没有版本“{version[:12]}”。请从证明表下面的版本中选择。",
                    f"“{package_key}” has no version “{version[:12]}”: choose one of those below the proof sheet.",
                )
            )
        sheet = sheet_at_publication(tx, desk.packages.get(chosen.version, tx))
    lines = tuple(_line(sheet, line) for line in sheet.lines)
    tested = sum(line.trial is not None for line in lines)
    others = tuple(one for one in versions if one is not chosen)
    return PublicProofs(sheet.package, chosen, others, lines, sheet.proved, tested, sheet.played is not None)


def _versions(tx: Transaction, package_key: str) -> tuple[PublicVersion, ...]:
    """Return what was published under a key and has begun, newest first: what waits for its day may yet be taken back."""
    rows, events = tx.definitions.versions(package_key), tx.package_events.of_package(package_key)
    names, gone, waiting = version_names(rows), withdrawals(events), first_days(events)
    return tuple(
        PublicVersion(
            row.version,
            names[row.version],
            row.current,
            gone[row.version].at if row.version in gone and not row.current else None,
        )
        for row in rows
        if row.current or row.version not in waiting
    )


def _line(sheet: ProofSheet, line: ClauseLine) -> PublicProofLine:
    titles = tuple(dict.fromkeys(proof.title for proof in line.proofs if sheet.holds(proof)))
    return PublicProofLine(line.clause, line.status, line.reason, titles, _trial(sheet, line.clause.id))


def _trial(sheet: ProofSheet, clause: str) -> PublicTrial | None:
    trial = sheet.trials.get(clause)
    if trial is None:
        return None
    seen = trial.first(noticed=True)
    return PublicTrial(trial.verdict) if seen is None else PublicTrial(trial.verdict, seen.what, seen.title, seen.step)
