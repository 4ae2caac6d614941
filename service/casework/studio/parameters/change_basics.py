"""Change what a draft's place and award declare: names, roles, bodies, tiers, kinds of cases, actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import (
    DraftTree,
    extend_draft_tree,
    hash_of,
    offered_by,
    tree_for_entry,
    tree_of,
)
from service.casework.studio.drafts.save_file import save_file, text_of
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.parameters.change_parameter import require_readable
from service.catalog import BodyKind, Package, Parameter, Unit
from service.catalog.award import PUBLIC
from service.catalog.basics.entries import idents_of, move_entry, put_entry, read_sections, remove_entry
from service.catalog.basics.sections import SECTIONS, EntrySection
from service.catalog.formula_names.names import kind_words
from service.catalog.made_id import made_id
from service.catalog.parameters.counting import term_units
from service.catalog.patterns.patterns import SHARED_ROLES
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.rules.awards import FACT_TYPES
from service.catalog.tree import Places
from service.domain.calendar import RestDayRule, StartRule
from service.domain.errors import NotFound
from service.domain.text import Text

_KINDS = {
    BodyKind.OFFICE: Text("办公室", "office"),
    BodyKind.AUTHORITY: Text("主管部门", "authority"),
    BodyKind.DEPARTMENT: Text("部门", "department"),
    BodyKind.COMMITTEE: Text("委员会", "committee"),
    BodyKind.GOVERNMENT: Text("政府", "government"),
    BodyKind.SUPERVISOR: Text("监督机构", "supervisor"),
    BodyKind.AGENCY: Text("服务机构", "agency"),
    BodyKind.ORGANISATION: Text("社会组织", "organisation"),
}
_STARTS = {
    StartRule.NEXT_DAY: Text("次日（民法典第二百零一条）", "the next day (Civil Code art. 201)"),
    StartRule.POSTING_DAY: Text("当日", "the same day"),
}
_ROLLS = {
    RestDayRule.REST_DAY: Text("顺延到休息日结束的次日", "it moves behind the days of rest"),
    RestDayRule.NONE: Text("不顺延", "it stays"),
}


class DeclaredEntry(NamedTuple):
    """An entry: its id, and every field as it is typed."""

    id: str
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectionLines:
    """A section with its entries: id, and every field as it is typed."""

    section: EntrySection
    lines: tuple[tuple[str, Mapping[str, str]], ...]

    @property
    def entries(self) -> tuple[DeclaredEntry, ...]:
        """The same lines, each part by its name."""
        return tuple(DeclaredEntry(ident, fields) for ident, fields in self.lines)


@dataclass(frozen=True, slots=True)
class BasicsView:
    """What a draft's place and award declare; ``choices`` are what fields offer: id and words by the name of the offer."""

    draft: DraftView
    sections: tuple[SectionLines, ...]
    choices: Mapping[str, Mapping[str, Text]]

    def of(self, ident: str) -> SectionLines:
        """Return one section."""
        return next(lines for lines in self.sections if lines.section.id == ident)


def section_of(ident: str) -> EntrySection:
    """Return a section by its id; raises NotFound."""
    matching_section = next((section for section in SECTIONS if section.id == ident), None)
    if matching_section is None:
        raise NotFound(Text(f"没有“{ident}”这一部分。", f"There is no section “{ident}”."))
    return matching_section


@guarded("draft.view")
def view_basics(desk: Desk, actor: Actor, draft: int) -> BasicsView:
    """Return every section of a draft with its entries."""
    view = view_draft(desk, actor, draft)
    with desk.store.read() as tx:
        tree = tree_of(desk, tx, draft)
    lines: dict[str, SectionLines] = {}
    for of_award in (False, True):
        sections = [section for section in SECTIONS if section.of_award is of_award]
        entries_by_section = read_sections(text_of(tree, _get_path(tree, of_award)), sections)
        lines |= {
            section.id: SectionLines(section, rows) for section, rows in zip(sections, entries_by_section, strict=True)
        }
    return BasicsView(view, tuple(lines[section.id] for section in SECTIONS), _build_choices(desk, tree))


@guarded("draft.edit")
def put_basics(
    desk: Desk,
    actor: Actor,
    draft: int,
    section: str,
    ident: str,
    typed: Mapping[str, str],
    new: bool = False,
    opened: int | None = None,
) -> None:
    """Write an entry as typed at revision ``opened`` of the draft; a new one without an id gets it from its name.

    Raises Invalid for what cannot be read, NotFound, Conflict, and DraftConflict as `save_file`.
    """

    def put_typed(text: str, of: EntrySection) -> str:
        made = made_id(typed.get("name", ""), idents_of(text, of), of.id) if new and not ident else ident
        return put_entry(text, of, made, typed, new)

    _change_section(desk, actor, draft, section, ident, put_typed, opened)


@guarded("draft.edit")
def remove_basics(desk: Desk, actor: Actor, draft: int, section: str, ident: str, opened: int | None = None) -> None:
    """Take an entry out as shown at revision ``opened``.

    Raises NotFound, Invalid where the file could not be read without it, and DraftConflict as `save_file`.
    """
    _change_section(desk, actor, draft, section, ident, lambda text, of: remove_entry(text, of, ident), opened)


@guarded("draft.edit")
def move_basics(
    desk: Desk, actor: Actor, draft: int, section: str, ident: str, by: int, opened: int | None = None
) -> None:
    """Move an entry by so many places in the order shown at revision ``opened``; raises NotFound and DraftConflict."""
    _change_section(
        desk, actor, draft, section, ident, lambda text, of: move_entry(text, of, ident, by), opened, _list_idents
    )


def _change_section(
    desk: Desk,
    actor: Actor,
    draft: int,
    section: str,
    ident: str,
    change: Callable[[str, EntrySection], str],
    opened: int | None = None,
    lookup: Callable[[DraftTree, EntrySection, str], object] | None = None,
) -> None:
    of = section_of(section)
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: (lookup or _find_entry)(tree, of, ident))
    path = _get_path(tree, of.of_award)
    after = change(text_of(tree, path), of)
    require_readable(
        tree, extend_draft_tree(desk, row.package, tree, {**tree.files, path: after.encode()}).package, path
    )
    note = f"{of.title.zh} {ident}".strip()
    save_file(desk, actor, draft, path, after.encode(), hash_of(tree.opened(path)), note)


def _find_entry(tree: DraftTree, of: EntrySection, ident: str) -> Mapping[str, str] | None:
    """Return an entry as it is typed."""
    return dict(_list_entries(tree, of)).get(ident)


def _list_idents(tree: DraftTree, of: EntrySection, _: str) -> Sequence[str]:
    return [ident for ident, _ in _list_entries(tree, of)]


def _list_entries(tree: DraftTree, of: EntrySection) -> Sequence[tuple[str, Mapping[str, str]]]:
    (rows,) = read_sections(text_of(tree, _get_path(tree, of.of_award)), [of])
    return rows


def _get_path(tree: DraftTree, of_award: bool) -> str:
    places = Places(tree.files, *tree.package.key.split("/"))
    return places.award_file if of_award else places.jurisdiction_file


def _build_choices(desk: Desk, tree: DraftTree) -> Mapping[str, Mapping[str, Text]]:
    package, offered = tree.package, offered_by(tree)
    place, award = package.jurisdiction, package.award
    roles = {role.id: role.text for role in place.roles.values()}
    return {
        "calendars": {key: calendar.name for key, calendar in sorted(desk.calendars.items())},
        "start_rules": {rule.value: words for rule, words in _STARTS.items()},
        "rolls": {rule.value: words for rule, words in _ROLLS.items()},
        "roles": roles,
        "starters": {PUBLIC: Text("公众（不登录）", "the public, without an account"), **roles},
        "body_kinds": {kind.value: words for kind, words in _KINDS.items()},
        "clauses": {
            c.id: Text(f"{c.article} {c.summary}", f"{c.article} {c.summary}") for c in package.law.clauses.values()
        },
        "terms": _list_parameters(award.parameters, term_units(award.parameters)),
        "counts": _list_parameters(award.parameters, (Unit.COUNT,)),
        "kinds": {key: kind.text for key, kind in award.processes.items()},
        "processes": {
            d.process_id: Text(d.name or d.process_id, d.name or d.process_id) for d in offered.diagrams.values()
        },
        "forms": {name: _form_name(offered, path) for name, path in offered.forms.items()},
        "fact_types": {name: kind_words(name) for name in FACT_TYPES},
        "shared_roles": {role: Text(name, role.replace("_", " ")) for role, name in SHARED_ROLES.items()},
    }


def _list_parameters(parameters: Mapping[str, Parameter], units: Sequence[Unit]) -> dict[str, Text]:
    """Return the parameters of these units, as a role names them."""
    return {f"param.{p.id}": p.text for p in parameters.values() if p.unit in units}


def _form_name(package: Package, path: str) -> Text:
    name = title_of(package, path)
    return Text(name, name)
