"""By which kinds of case organisations apply below a round."""

from __future__ import annotations

from service.catalog.award import ProcessInfo
from service.catalog.package import Package


def application_kinds(package: Package) -> tuple[ProcessInfo, ...]:
    """Return the kinds of case by which organisations apply below another, in their order.

    These are the kinds that each applicant may start once; where none is, as where an organisation may apply in several
    tiers or for several teams, those that applicants are the first to be named as starting.
    """
    return package.derived("application kinds", lambda: _kinds(package))


def is_application(package: Package, info: ProcessInfo) -> bool:
    """Tell whether organisations apply by a kind of case."""
    return any(kind.key == info.key for kind in application_kinds(package))


def _kinds(package: Package) -> tuple[ProcessInfo, ...]:
    below = [k for k in package.award.processes.values() if k.parent is not None and not k.same_subject]
    by_applicants = [k for k in below if any(_is_subject(package, role) for role in k.started_by)]
    once = tuple(k for k in by_applicants if k.one_per_subject)
    return once or tuple(k for k in by_applicants if k.start_form and _is_subject(package, k.started_by[0]))


def _is_subject(package: Package, role: str) -> bool:
    found = package.jurisdiction.roles.get(role)
    return found is not None and found.subject
