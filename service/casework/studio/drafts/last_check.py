"""How many problems the last check of a draft found: kept with the draft, so that lists show it without a check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import CHECKED
from service.catalog import Problem, Severity
from service.store.models import PackageDraftRow


@dataclass(frozen=True, slots=True)
class LastCheck:
    """Errors hold up the publication of a draft, warnings do not.

    ``current``: the draft was not changed since; what was found of an earlier state says nothing of the newest change.
    """

    errors: int
    warnings: int
    current: bool = True


def last_check(row: PackageDraftRow) -> LastCheck | None:
    """Return what the last check of a draft found, None where it was never checked."""
    kept = (row.details or {}).get(CHECKED)
    if not kept:
        return None
    return LastCheck(int(kept["errors"]), int(kept["warnings"]), kept.get("revision") == row.revision)


def counted(problems: Sequence[Problem]) -> LastCheck:
    """Count errors and warnings."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return LastCheck(errors, sum(problem.severity is Severity.WARNING for problem in problems))


def keep_check(desk: Desk, draft: int, problems: Sequence[Problem], revision: int) -> None:
    """Keep how many ``problems`` a check found in the files at ``revision``; who submits or reviews the draft at that moment goes first."""
    found = counted(problems)
    with desk.store.write() as tx:
        row = tx.package_drafts.brief(draft)
        said = {"errors": found.errors, "warnings": found.warnings, "revision": revision}
        details = {**(row.details or {}), CHECKED: said}
        tx.package_drafts.note(draft, row.changed_at, details)
