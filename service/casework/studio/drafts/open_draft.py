"""Open a draft: of what is published, of a place from blank, or out of another's; share it and put it away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from service.casework.access.actor import DESIGNER, Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_files, unpack_package
from service.casework.lists import Page, cut_page
from service.casework.people.rights.first_people import HOME, jurisdiction_of
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import (
    OPEN,
    is_edited_by_another,
    make_editor,
    may_see_draft,
    open_for_change,
    open_to_edit,
    require_owner,
    visible_draft,
)
from service.catalog.calendars.calendars import bundled_calendars
from service.catalog.made_id import made_place_id
from service.catalog.new_city.blank import AWARD, blank_city
from service.catalog.new_city.copied import CopiedCity, copy_city
from service.catalog.new_city.first_forms import with_conditions
from service.catalog.new_city.outline import RESERVED, CityOutline, require_free_id
from service.catalog.patterns.patterns import fill_patterns, uses_of, without_pattern
from service.catalog.tree import Files, read_sources, sources_of
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow, PackageDraftRow

_LONGEST = 200


@guarded("draft.edit")
def open_draft(desk: Desk, actor: Actor, key: str, title: str) -> int:
    """Open a draft of the published package ``key`` ("jurisdiction/award") and return its id.

    Raises:
        NotFound: nothing is published under ``key``.
        Invalid: ``title`` is longer than 200 characters.
    """
    GUARDS["draft.edit"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(
                Text(f"“{key}”尚未发布，请从“新建”开始。", f"“{key}” is not published: begin with “New city”.")
            )
        version = tx.definitions.get(current.version)
        packed = tx.definitions.get(current.version).sources or pack_files(files_published(desk, version))
        return add_draft(desk, tx, actor, key, title, packed, current.version)


def add_draft(desk: Desk, tx: Transaction, actor: Actor, key: str, title: str, sources: bytes, base: str | None) -> int:
    """Keep a new draft; ``sources`` are packed files. Raises Invalid for a title that is too long."""
    _require_short(title)
    describe_current_act(f"{key}：新开草稿“{title.strip() or key}”", place=key.partition("/")[0])
    now = desk.clock.now()
    row = PackageDraftRow(
        package=key,
        title=title.strip() or key,
        base=base,
        sources=sources,
        person_id=actor.signed_in_id,
        author=actor.name,
        created_at=now,
        changed_at=now,
    )
    return tx.package_drafts.insert(row)


def _require_short(title: str) -> None:
    if len(title) > _LONGEST:
        raise Invalid(
            Text(f"草稿名称最多 {_LONGEST} 字，现有 {len(title)} 字。", f"A title has at most {_LONGEST} characters.")
        )


def files_published(desk: Desk, version: DefinitionRow) -> Files:
    """Return the files of a version that was published without its sources: patterns filled, without scenarios."""
    return unpack_package(version.content, desk.operations, version.version).files


@guarded("draft.edit")
def take_over_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Let ``actor`` edit ``draft`` in place of whoever does; nothing happens where nobody else does.

    The former editor learns it from the next save, which is refused. Raises NotFound, Conflict.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        if is_edited_by_another(actor, row, now):
            make_editor(tx, actor, row, now)
            text = f"接手编辑草稿“{row.title}”，此前由{row.editor}编辑。"
            record_event(tx, actor, now, row.package, "taken_over", text, draft, {"from": row.editor_id})


@guarded("draft.edit")
def share_draft(desk: Desk, actor: Actor, draft: int, shared: bool) -> None:
    """Let others see and edit ``draft``, or nobody but its author; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        require_owner(actor, row)
        if row.shared == shared:
            return
        tx.package_drafts.change(draft, shared=shared)
        text = f"共享草稿“{row.title}”。" if shared else f"不再共享草稿“{row.title}”。"
        record_event(tx, actor, desk.clock.now(), row.package, "shared" if shared else "unshared", text, draft)


@guarded("draft.edit")
def rename_draft(desk: Desk, actor: Actor, draft: int, title: str) -> None:
    """Call ``draft`` otherwise; what was put on record of it before keeps the name of its day.

    Raises:
        Invalid: no title, or one of more than 200 characters.
        NotFound, Conflict: it is not the actor's to change now.
    """
    new_title = title.strip()
    if not new_title:
        raise Invalid(Text("请写草稿的名称。", "Give the draft a title."))
    _require_short(new_title)
    with desk.store.write() as tx:
        row = open_for_change(desk, tx, actor, draft)
        if row.title == new_title:
            return
        tx.package_drafts.change(draft, title=new_title)
        text = f"草稿“{row.title}”改名为“{new_title}”。"
        record_event(tx, actor, desk.clock.now(), row.package, "renamed", text, draft)


DISCARDED = "discarded"
PAGE = 50


@guarded("draft.edit")
def discard_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Put ``draft`` away with everything in it; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        require_owner(actor, visible_draft(tx, actor, draft, "draft.edit"))
        row = open_for_change(desk, tx, actor, draft)
        tx.package_drafts.change(draft, state=DISCARDED, changed_at=desk.clock.now())
        record_event(tx, actor, desk.clock.now(), row.package, "discarded", f"作废草稿“{row.title}”。", draft)


@guarded("people.manage")
def list_discarded(desk: Desk, actor: Actor, before: int | None = None) -> Page[PackageDraftRow, int]:
    """Return a page of the discarded drafts of the jurisdictions that ``actor`` administers, youngest first."""
    with desk.store.read() as tx:
        rows = list(
            islice((row for row in _iterate_discarded(tx, before) if actor.administers(jurisdiction_of(row))), PAGE + 1)
        )
    return cut_page(rows, lambda row: row.id, PAGE)


def _iterate_discarded(tx: Transaction, before: int | None) -> Iterator[PackageDraftRow]:
    """Yield discarded drafts, read as many at once as a page has: whose a draft is stands in it."""
    while rows := tx.package_drafts.select("-id", after=before, limit=PAGE + 1, state="discarded"):
        yield from rows
        before = rows[-1].id


@guarded("people.manage")
def restore_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Bring a discarded draft back as it was; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        row = tx.package_drafts.brief(draft)
        if not actor.administers(jurisdiction_of(row)):
            raise NotAllowed(
                Text(
                    "作废的草稿由本辖区管理员恢复。", "An administrator of the jurisdiction restores discarded drafts."
                )
            )
        if row.state != DISCARDED:
            raise Conflict(Text("这个草稿没有作废，无需恢复。", "This draft is not discarded: nothing to restore."))
        tx.package_drafts.change(draft, state=OPEN, changed_at=desk.clock.now())
        record_event(tx, actor, desk.clock.now(), row.package, "restored", f"恢复草稿“{row.title}”。", draft)


@dataclass(frozen=True, slots=True)
class CityChoices:
    """What a new place can begin from: calendars, and packages whose place may be copied, by key."""

    calendars: Mapping[str, Text]
    packages: Mapping[str, Text]


@guarded("draft.edit")
def city_choices(desk: Desk, actor: Actor) -> CityChoices:
    """Return what a new place can begin from."""
    with desk.store.read() as tx:
        packages = published(desk, tx).packages
    seen = [package for package in packages if GUARDS["draft.view"].admits(actor, package.jurisdiction.id)]
    return CityChoices(
        {key: calendar.name for key, calendar in sorted(desk.calendars.items())},
        {package.key: package.award.text for package in seen},
    )


@guarded("draft.edit")
def free_city_id(desk: Desk, actor: Actor, name: str) -> str:  # noqa: ARG001  the guard reads the actor
    """Return an id for a place called ``name`` that no other has, "" where there is no name."""
    with desk.store.read() as tx:
        return made_place_id(name, _collect_place_ids(desk, tx)) if name.strip() else ""


@guarded("draft.edit")
def drafted_city(desk: Desk, actor: Actor, name: str) -> int | None:
    """Return the draft in which a place called ``name`` is drawn already, None where ``actor`` sees none."""
    with desk.store.read() as tx:
        return _find_draft_of_place(tx, actor, name)


@guarded("draft.edit")
def start_city(desk: Desk, actor: Actor, outline: CityOutline) -> int:
    """Open a draft of a place from blank and return its id; raises Invalid, and Conflict for a place that is drawn already."""
    made = {**shared_pieces(), **blank_city(outline)}
    award = f"processes/{outline.id}/{AWARD}"
    filled = fill_patterns(made)[0]
    city_files = with_conditions(filled, outline, award)
    made |= city_files
    for path in city_files:
        uses = without_pattern(made, path)
        made |= {uses_of(path): uses} if uses is not None else {}
    with desk.store.write() as tx:
        _require_new(desk, tx, actor, outline.id, outline.name)
        return _insert_draft(desk, tx, actor, f"{outline.id}/{AWARD}", outline.name, made)


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
    require_free_id(wanted.id)
    GUARDS["draft.view"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(Text(f"“{key}”尚未发布。", f"“{key}” is not published."))
        _require_new(desk, tx, actor, wanted.id, wanted.name)
        version = tx.definitions.get(current.version)
        files: Files = unpack_files(version.sources) if version.sources else files_published(desk, version)
        package = desk.packages.get(current.version, tx)
        award = package.award.id
        made = copy_city(files, award, package.jurisdiction, package.law, wanted)
        return _insert_draft(desk, tx, actor, f"{wanted.id}/{award}", wanted.name, {**files, **made})


def shared_pieces() -> Files:
    """Return the files that all places share, as they come with the program."""
    root = bundled_calendars().parents[1]
    cities = {path.name for top in ("processes", "forms") for path in (root / top).iterdir()} - {"shared", "scoring"}
    return read_sources(root, frozenset(cities))


def _require_new(desk: Desk, tx: Transaction, actor: Actor, city: str, name: str) -> None:
    drafted = _find_draft_of_place(tx, actor, name)
    if drafted is not None:
        raise Conflict(
            Text(
                f"“{name}”已经有一份还没有发布的草稿（第 {drafted} 号），请接着画那一份。要另画一个地方，请换一个名称。",
                f"There is a draft of “{name}” that is not published yet (no. {drafted}): go on with that one, or give another place"
                " another name.",
            )
        )
    if city in _collect_place_ids(desk, tx):
        raise Conflict(
            Text(
                f"编号“{city}”已经用过，请另起一个；要改已有的地方，请打开它的草稿。",
                f"The id “{city}” is taken: choose another, or open a draft of the place that has it.",
            )
        )


def _find_draft_of_place(tx: Transaction, actor: Actor, name: str) -> int | None:
    """Return the draft in which a place called ``name`` is drawn and not published yet, None where ``actor`` sees none."""
    place_drafts = (draft for draft in tx.package_drafts.alive() if draft.base is None and draft.title == name)
    return next((draft.id for draft in place_drafts if may_see_draft(actor, draft)), None)


def _collect_place_ids(desk: Desk, tx: Transaction) -> set[str]:
    """Return the ids that places have, those that are being drawn and words that are no place among them."""
    place_ids = {package.jurisdiction.id for package in published(desk, tx).packages}
    return place_ids | {draft.package.partition("/")[0] for draft in tx.package_drafts.alive()} | RESERVED


def _insert_draft(desk: Desk, tx: Transaction, actor: Actor, key: str, title: str, sources: Files) -> int:
    draft = add_draft(desk, tx, actor, key, title, pack_files(sources_of(sources, key)), None)
    tx.package_drafts.change(draft, details={HOME: _get_home(actor)})
    return draft


def _get_home(actor: Actor) -> str:
    """Return the jurisdiction where ``actor`` draws: its roles count for the place until that is published."""
    return next(seat.jurisdiction for seat in actor.seats if seat.role == DESIGNER or seat.administers)
