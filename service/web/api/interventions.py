"""Operations of interventions: what may be changed in a case, tried or done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.interventions.batch import (
    MOST,
    BatchView,
    Selection,
    do_tried,
    start_batch,
    stop_batch,
    view_batch,
)
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS, intervention_of
from service.casework.interventions.offers import Offered, view_interventions
from service.casework.interventions.select_cases import CaseWish, matching_cases
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.bounds import Default, Example, Length, Meaning, OneOf, RowId
from service.web.api.arguments import Query, row_place
from service.web.api.derive import offer
from service.web.api.operation import Operation

_RESULTS: Query = {"after": row_place("list results after this case")}
_Kind = Annotated[str, OneOf(tuple(INTERVENTIONS)), Example("suspend")]
_Wanted = Annotated[str, OneOf(tuple(sorted({each.kind for one in INTERVENTIONS.values() for each in one.wanted})))]
_Reason = Annotated[str, Length(0, 500)]
_Values = Annotated[Mapping[str, str], Default(dict)]
_BATCH = "id=row.id kind=row.kind dry=row.dry over state total counts results next=after"

offer(Effect, "case_id dry changes told informed tried")


@dataclass(frozen=True, slots=True)
class WantedValue:
    """Something an intervention asks for."""

    name: str
    kind: _Wanted
    label: Text
    optional: bool
    offered: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class OfferedIntervention:
    """A kind of intervention that the case admits now."""

    id: str
    title: Text
    wanted: tuple[WantedValue, ...]


@dataclass(frozen=True, slots=True)
class OfferedInterventions:
    """What may be changed in a case."""

    case_id: int
    status: str
    interventions: tuple[OfferedIntervention, ...]


def list_interventions(desk: Desk, actor: Actor, case_id: int) -> OfferedInterventions:
    """List what may be changed in a case."""
    page = view_interventions(desk, actor, case_id)
    kinds = tuple(
        OfferedIntervention(
            kind.id,
            kind.title,
            tuple(
                WantedValue(each.name, each.kind, each.label, each.optional, page.offered.get(each.kind, ()))
                for each in kind.wanted
            ),
        )
        for kind in page.kinds
    )
    return OfferedInterventions(page.case_id, page.status, kinds)


def intervene_in_case(
    desk: Desk,
    actor: Actor,
    case_id: int,
    kind: _Kind,
    reason: _Reason,
    values: _Values,
    public: Annotated[bool, Meaning("whether those concerned read the reason too")] = False,
    dry_run: Annotated[bool, Example(True)] = False,
    tried: Annotated[
        str, Length(0, 120), Meaning("the mark of the trial, which holds for the same kind, values, reason and effect")
    ] = "",
) -> Effect:
    """Change a case as it was ``tried``, or try it: with ``dry_run`` nothing is changed, and the answer says what would be.

    Raises:
        AlreadyDone: it was done as it was tried.
    """
    intervention = InterventionAsked(reason, dry=dry_run, public=public)
    return intervention_of(kind).do_tried(desk, actor, case_id, intervention, values, tried)


def try_interventions(
    desk: Desk,
    actor: Actor,
    kind: _Kind,
    reason: _Reason,
    values: _Values,
    cases: Annotated[Sequence[RowId] | None, Default(), Example([1])],
    matching: Annotated[CaseWish | None, Default(), Meaning("instead: all that fit")],
    excluded: Annotated[Sequence[RowId] | None, Default()],
    public: Annotated[bool, Meaning("whether those concerned read the reason too")] = False,
) -> BatchView:
    """Try it in many cases; nothing is changed.

    Raises:
        Invalid: cases are named in two ways.
    """
    if matching is not None and cases:
        raise Invalid(
            Text(
                "cases 和 matching 只能写一项：逐件写明，或者写明共同条件。",
                "Give `cases` or `matching`, not both: case by case, or by what all have in common.",
            )
        )
    if matching is not None:
        cases = matching_cases(desk, actor, matching, MOST + 1)
    chosen = Selection(kind, cases or (), reason, values, public=public, excluded=excluded or ())
    return view_batch(desk, actor, start_batch(desk, actor, chosen))


def do_interventions(desk: Desk, actor: Actor, batch: int) -> BatchView:
    """Do what a batch tried, in the cases that did not refuse; raises AlreadyDone."""
    return view_batch(desk, actor, do_tried(desk, actor, batch))


def stop_interventions(desk: Desk, actor: Actor, batch: int) -> BatchView:
    """Stop a batch."""
    stop_batch(desk, actor, batch)
    return view_batch(desk, actor, batch)


_CASE, _MANY = "/cases/{case_id}/interventions", "/interventions"
OPERATIONS = (
    Operation(f"GET {_CASE}", "case.intervene", list_interventions),
    Operation(f"POST {_CASE}", "case.intervene", intervene_in_case),
    Operation(f"POST {_MANY}", "case.intervene", try_interventions, _BATCH),
    Operation(f"GET {_MANY}/{{batch}}", "case.intervene", view_batch, _BATCH, _RESULTS),
    Operation(f"POST {_MANY}/{{batch}}/do", "case.intervene", do_interventions, _BATCH),
    Operation(f"POST {_MANY}/{{batch}}/stop", "case.intervene", stop_interventions, _BATCH),
)
