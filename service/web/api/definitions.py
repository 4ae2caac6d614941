"""Operations of published awards: their diagrams and versions, and running cases that move to a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.amendments.move_case import move_case
from service.casework.amendments.move_plan import Missing, MovePlan, read_renames
from service.casework.desk.desk import Desk
from service.casework.due.move_batch import VERDICTS, BatchWish, begin_batch, stop_batch
from service.casework.due.undo_batch import begin_undo
from service.casework.queries.law.versions import VersionCase, VersionLine, list_versions, view_version
from service.casework.queries.law.view_moves import (
    MoveBatchView,
    MoveLine,
    RunningLine,
    preview_amendment,
    view_batch,
    view_renames,
)
from service.casework.queries.public.view_regulation import public_diagram, view_regulation
from service.casework.step.limits.changes import LimitChange
from service.catalog import Package
from service.domain.text import Text
from service.domain.values.bounds import Length, OneOf, ShortReason, VersionHash
from service.store.models.packages import PackageEventRow
from service.web.api.arguments import Query, row_place, words
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.frame.page.names import published

_AFTER: Query = {"after": row_place()}
_BATCH_PAGE: Query = {"verdict": words("only these cases", *VERDICTS), **_AFTER}
_ID = Annotated[str, Length(1, 120)]
_BATCH = "id=batch.id state=batch.state dry=batch.dry over total=batch.total counts cases=lines next=after undoing"
_VERSION = (
    "version=line.version published_at=line.published_at published_by=line.published_by again=line.again.at"
    " current=line.current withdrawn=line.withdrawn running=line.running ended=line.ended cases next=after"
)

offer(MovePlan, "case_id=case.id title=case.title moves reasons reach values dates")
offer(LimitChange, "name old new passed")
offer(RunningLine, "plan version left_behind")
offer(MoveLine, "id=row.id case_id=row.case_id title verdict=row.verdict why undoes undone_at=row.undone_at kept")
offer(Missing, "process element=element.id name=element.name choices=choice_ids proposed=proposed.id why")
offer(VersionLine, "version published_at published_by current running again=again.at")
offer(VersionCase, "id title kind started_at")
offer(PackageEventRow, "at by=actor why=text instead=data.instead")


@dataclass(frozen=True, slots=True)
class PublishedPackage:
    """A published package: the kinds of case by which it begins, and all of its diagrams."""

    key: str
    version: str
    jurisdiction: Text
    award: Text
    processes: tuple[str, ...]
    diagrams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedDiagram:
    """A diagram as BPMN."""

    process: str
    bpmn: str


@dataclass(frozen=True, slots=True)
class Rename:
    """An element that only got another id."""

    process: _ID
    before: _ID
    after: _ID


def list_definitions() -> tuple[PublishedPackage, ...]:
    """List what is published."""
    return tuple(_describe_package(package) for package in published().packages)


def get_definition(desk: Desk, actor: Actor, package: str) -> PublishedPackage:
    """Get a published package."""
    return _describe_package(view_regulation(desk, actor, package, None).package)


def get_diagram(desk: Desk, actor: Actor, package: str, process: str) -> PublishedDiagram:
    """Get a published diagram as BPMN."""
    return PublishedDiagram(process, public_diagram(desk, actor, package, process).decode())


def list_published_versions(desk: Desk, actor: Actor, package: str) -> tuple[VersionLine, ...]:
    """List the published versions of an award, newest first."""
    return list_versions(desk, actor, package)[1]


def begin_moves(
    desk: Desk,
    actor: Actor,
    package: str,
    version: VersionHash,
    from_version: VersionHash,
    reason: ShortReason,
    renames: Sequence[Rename] = (),
    choice: Annotated[str, OneOf(("stay", "end", "restart"))] = "stay",
    dry: bool = True,
) -> MoveBatchView:
    """Try, or begin, to move all running cases; ``choice`` is for cases that reached what was altered."""
    view = view_renames(desk, actor, package, from_version)
    chosen = {(each.process, each.before): each.after for each in renames}
    wish = BatchWish(version, reason, read_renames(view.old, view.package, chosen), choice, dry)
    return view_batch(desk, actor, begin_batch(desk, actor, package, wish))


def stop_moves(desk: Desk, actor: Actor, batch: int) -> MoveBatchView:
    """Stop a batch after the case it is at."""
    stop_batch(desk, actor, batch)
    return view_batch(desk, actor, batch)


def undo_moves(desk: Desk, actor: Actor, batch: int, reason: ShortReason) -> MoveBatchView:
    """Begin to undo what a batch moved."""
    begin_undo(desk, actor, batch, reason)
    return view_batch(desk, actor, batch)


def _describe_package(package: Package) -> PublishedPackage:
    award = package.award
    return PublishedPackage(
        package.key,
        package.version,
        package.jurisdiction.text,
        award.text,
        tuple(award.processes),
        tuple(package.processes),
    )


_AWARD, _MOVES = "/definitions/{jurisdiction}/{award}", "/moves/{batch}"
_RUNNING = "version=package.version cases=lines total next=after may_apply"
OPERATIONS = (
    Operation("GET /definitions", "definition.view", list_definitions, "definitions"),
    Operation(f"GET {_AWARD}", "definition.view", get_definition),
    Operation(f"GET {_AWARD}/diagrams/{{process}}", "definition.view", get_diagram),
    Operation("GET /versions/{jurisdiction}/{award}", "law.study", list_published_versions, "versions"),
    Operation(f"GET {_AWARD}/versions/{{version}}", "law.study", view_version, _VERSION, _AFTER),
    Operation(f"GET {_AWARD}/running", "amendment.preview", preview_amendment, _RUNNING, _AFTER),
    Operation(
        f"GET {_AWARD}/moves/from/{{version}}", "amendment.preview", view_renames, "target=package.version missing"
    ),
    Operation(f"POST {_AWARD}/moves", "amendment.apply", begin_moves, _BATCH),
    Operation(f"GET {_MOVES}", "amendment.preview", view_batch, _BATCH, _BATCH_PAGE, id="view_moves"),
    Operation(f"POST {_MOVES}/stop", "amendment.apply", stop_moves, _BATCH),
    Operation(f"POST {_MOVES}/undo", "amendment.apply", undo_moves, _BATCH),
    Operation("POST /cases/{case_id}/move", "amendment.apply", move_case),
)
