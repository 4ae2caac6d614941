"""By which kinds of case organisations apply below a round."""

from __future__ import annotations

from service.catalog.award import ProcessInfo
from service.catalog.package import Package


def application_kinds(package: Package) -> tuple[ProcessInfo, ...]:
    """Return the kinds of case by which organisations apply below another, in their order.

    These are the kinds that each applicant may start once; where none is, as where an organisation may apply in several
    tiers or for several teams, those that applicants are the first to be named as starting; where applicants start none
    below a round, those that others start once for each. None lies below a case of an organisation: that is no round.
    """
    return package.derived("application kinds", lambda: _list_kinds(package))


def is_application(package: Package, info: ProcessInfo) -> bool:
    """Tell whether organisations apply by a kind of case."""
    return any(kind.key == info.key for kind in application_kinds(package))


def application_below(package: Package, process: str) -> ProcessInfo | None:
    """Return the kind of case by which organisations apply below one of kind ``process``, None where none does."""
    return next((kind for kind in application_kinds(package) if kind.parent == process), None)


def _list_kinds(package: Package) -> tuple[ProcessInfo, ...]:
    below = [k for k in package.award.processes.values() if not k.same_subject and _rounds_above(package, k)]
    once = tuple(k for k in below if k.one_per_subject and is_begun_by_applicants(package, k))
    begun = [k for k in below if k.started_by and all(above.started_by for above in _rounds_above(package, k))]
    first = tuple(k for k in begun if k.start_form and _is_subject(package, k.started_by[0]))
    return once or first or tuple(k for k in begun if k.one_per_subject)


def _rounds_above(package: Package, info: ProcessInfo) -> list[ProcessInfo]:
    """Return the kind above, in a list, where it is about no organisation, as far as it says so; else nothing."""
    above = package.award.processes.get(info.parent or "")
    if above is None or above.same_subject or above.one_per_subject or is_begun_by_applicants(package, above):
        return []
    return [above]


def is_begun_by_applicants(package: Package, info: ProcessInfo) -> bool:
    """Return whether those whom a case of this kind is about may begin it themselves."""
    return any(_is_subject(package, role) for role in info.started_by)


def _is_subject(package: Package, role: str) -> bool:
    role_info = package.jurisdiction.roles.get(role)
    return role_info is not None and role_info.subject
