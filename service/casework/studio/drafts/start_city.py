"""Start a place: a draft of its first package, from blank with the shared pieces or out of another place's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import DESIGNER, Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.people.rights.first_people import HOME
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import sees
from service.casework.studio.drafts.open_draft import add_draft, files_published
from service.catalog.calendars.calendars import bundled_calendars
from service.catalog.made_id import made_place_id
from service.catalog.new_city.blank import AWARD, blank_city
from service.catalog.new_city.condition_clauses import with_conditions
from service.catalog.new_city.copied import CopiedCity, copy_city
from service.catalog.new_city.outline import RESERVED, CityOutline, demand_free_id
from service.catalog.patterns.patterns import fill_patterns, uses_of, without_pattern
from service.catalog.tree import Files, read_sources, sources_of
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class CityChoices:
    """What a new place can begin from: calendars, and packages whose place may be copied, by key."""

    calendars: Mapping[str, Text]
    packages: Mapping[str, Text]


@guarded("draft.edit")
def city_choices(desk: Desk, actor: Actor) -> CityChoices:
    """Return what a new place can begin from."""
    with desk.store.read() as tx:
        known = published(desk, tx).packages
    seen = [package for package in known if GUARDS["draft.view"].admits(actor, package.jurisdiction.id)]
    return CityChoices(
        {key: calendar.name for key, calendar in sorted(desk.calendars.items())},
        {package.key: package.award.text for package in seen},
    )


@guarded("draft.edit")
def free_city_id(desk: Desk, actor: Actor, name: str) -> str:  # noqa: ARG001  the guard reads the actor
    """Return an id for a place called ``name`` that no other has, "" where there is no name."""
    with desk.store.read() as tx:
        return made_place_id(name, _taken(desk, tx)) if name.strip() else ""


@guarded("draft.edit")
def drafted_city(desk: Desk, actor: Actor, name: str) -> int | None:
    """Return the draft in which a place called ``name`` is drawn already, None where ``actor`` sees none."""
    with desk.store.read() as tx:
        return _drafted(tx, actor, name)


@guarded("draft.edit")
def start_city(desk: Desk, actor: Actor, outline: CityOutline) -> int:
    """Open a draft of a place from blank and return its id; raises Invalid, and Conflict for a place that is drawn already."""
    made = {**shared_pieces(), **blank_city(outline)}
    award = f"processes/{outline.id}/{AWARD}"
    filled = fill_patterns(made)[0]
    own = with_conditions(filled, outline, award)
    made |= own
    for path in own:
        uses = without_pattern(made, path)
        made |= {uses_of(path): uses} if uses is not None else {}
    with desk.store.write() as tx:
        _demand_new(desk, tx, actor, outline.id, outline.name)
        return _opened(desk, tx, actor, f"{outline.id}/{AWARD}", outline.name, made)


@guarded("draft.edit")
def copy_started(desk: Desk, actor: Actor, key: str, wanted: CopiedCity) -> int:
    """Open a draft of a place made out of the published package ``key`` and return its id.

    Raises:
        NotFound: nothing is published under ``key``.
        Conflict: the id is taken, or the place is drawn already in a draft that ``actor`` sees.
        Invalid: the id or a name is none.
    """
    if not wanted.name:
        raise Invalid(Text("请填写新地方的名称。", "Enter the name of the new place."))
    demand_free_id(wanted.id)
    GUARDS["draft.view"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(Text(f"“{key}”尚未发布。", f"“{key}” is not published."))
        _demand_new(desk, tx, actor, wanted.id, wanted.name)
        version = tx.definitions.get(current.version)
        files: Files = unpack_files(version.sources) if version.sources else files_published(desk, version)
        package = desk.packages.get(current.version, tx)
        award = package.award.id
        made = copy_city(files, award, package.jurisdiction, package.law, wanted)
        return _opened(desk, tx, actor, f"{wanted.id}/{award}", wanted.name, {**files, **made})


def shared_pieces() -> Files:
    """Return the files that all places share, as they come with the program."""
    root = bundled_calendars().parents[1]
    cities = {path.name for top in ("processes", "forms") for path in (root / top).iterdir()} - {"shared", "scoring"}
    return read_sources(root, frozenset(cities))


def _demand_new(desk: Desk, tx: Transaction, actor: Actor, city: str, name: str) -> None:
    drafted = _drafted(tx, actor, name)
    if drafted is not None:
        raise Conflict(
            Text(
                f"“{name}”已经有一份还没有发布的草稿（第 {drafted} 号），请接着画那一份。要另画一个地方，请换一个名称。",
                f"There is a draft of “{name}” that is not published yet (no. {drafted}): go on with that one, or give another place"
                " another name.",
            )
        )
    if city in _taken(desk, tx):
        raise Conflict(
            Text(
                f"编号“{city}”已经用过，请另起一个；要改已有的地方，请打开它的草稿。",
                f"The id “{city}” is taken: choose another, or open a draft of the place that has it.",
            )
        )


def _drafted(tx: Transaction, actor: Actor, name: str) -> int | None:
    """Return the draft in which a place called ``name`` is drawn and not published yet, None where ``actor`` sees none."""
    known = (draft for draft in tx.package_drafts.alive() if draft.base is None and draft.title == name)
    return next((draft.id for draft in known if sees(actor, draft)), None)


def _taken(desk: Desk, tx: Transaction) -> set[str]:
    """Return the ids that places have, those that are being drawn and words that are no place among them."""
    known = {package.jurisdiction.id for package in published(desk, tx).packages}
    return known | {draft.package.partition("/")[0] for draft in tx.package_drafts.alive()} | RESERVED


def _opened(desk: Desk, tx: Transaction, actor: Actor, key: str, title: str, sources: Files) -> int:
    draft = add_draft(desk, tx, actor, key, title, pack_files(sources_of(sources, key)), None)
    tx.package_drafts.change(draft, {"details": {HOME: _home(actor)}})
    return draft


def _home(actor: Actor) -> str:
    """Return the jurisdiction where ``actor`` draws: its roles count for the place until that is published."""
    return next(seat.jurisdiction for seat in actor.seats if seat.role == DESIGNER or seat.administers)
