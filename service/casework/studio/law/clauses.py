"""Clauses of a draft: seen with what carries them out, registered, changed, settled, cited, removed, amended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import (
    DraftTree,
    hash_of,
    require_unchanged_entry,
    tree_for_entry,
    tree_of,
)
from service.casework.studio.drafts.save_file import FileChange, changes_of, save_file, save_files, text_of
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.scenarios.run_scenarios import scenario_files, verdicts_of
from service.catalog import Package
from service.catalog.coverage.coverage import coverage
from service.catalog.coverage.matrix import (
    ClauseLine,
    ClausePlace,
    ClauseStatus,
    as_played,
    build_coverage_matrix,
    clause_places,
)
from service.catalog.law.clause_slots import ClauseUse, rebound, texts_of_city, uses_of_clause
from service.catalog.law.law import Clause, Law
from service.catalog.law_text import register
from service.catalog.law_text.compare_texts import ClauseAct, ClauseChange, articles_moved, compare_texts
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.register import LATER, REASONS, OpenRegister
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.rules.places import element_name
from service.catalog.source.formatting import format_root, set_property
from service.catalog.source.xml import parse_xml
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.domain.wording.numbers import counted

_OPEN = (
    ClauseStatus.UNCOVERED,
    ClauseStatus.LATER,
    ClauseStatus.UNPROVED,
    ClauseStatus.UNPLAYED,
    ClauseStatus.FAILED,
)
_ALWAYS = ("article", "summary")
_MAY = ("kind", "text", *REASONS)
_BETWEEN_TERMS = re.compile(r"[\s、，,；;]+")
OPEN_AGAIN = "open"
_WORDS_ONLY = "words_only"
ANSWERS: dict[str, Text] = {
    LATER: Text("留待以后落实", "Left for later"),
    _WORDS_ONLY: Text("文字体现", "Words only"),
    "informative": Text("说明性", "Informative"),
    "outside": Text("流程之外", "Outside the procedure"),
    OPEN_AGAIN: Text("仍要落实（去掉理由）", "Open again (without a reason)"),
}
"""What can be said of several clauses at once."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LawArticle:
    """Clauses of one passage, in their order."""

    name: str
    lines: tuple[ClauseLine, ...]


@dataclass(frozen=True, slots=True)
class ClauseBench:
    """The law of a draft: ``articles`` as shown, ``counts`` of all clauses, and the clause that was chosen.

    ``status`` is that of the clauses that are shown. ``uses`` are the lines of files that name the chosen clause.
    """

    draft: DraftView
    law: Law
    articles: tuple[LawArticle, ...]
    counts: tuple[tuple[ClauseStatus, int], ...]
    chosen: ClauseLine | None
    uses: tuple[ClauseUse, ...]
    status: str


@guarded("draft.view")
def view_clauses(
    desk: Desk, actor: Actor, draft: int, chosen: str = "", status: str | None = "", text: str = "", element: str = ""
) -> ClauseBench:
    """Return the clauses of a draft, those of ``status``, with ``text`` in them, or cited by ``element`` alone.

    Without a ``status`` (None) what is open comes first: the others are left out as long as nothing carries some clause out.

    Raises NotFound for a chosen clause that the register does not have.
    """
    view = view_draft(desk, actor, draft)
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        played_matrix = as_played(build_coverage_matrix([view.package]), verdicts_of(tx, draft, tree))
    files = tree.filled
    chosen_line = next((line for line in played_matrix.lines if line.clause.id == chosen), None)
    if chosen and chosen_line is None:
        raise NotFound(
            Text(f"条款登记中没有“{chosen}”，可能已被移除。", f"The register has no clause “{chosen}”: it was removed.")
        )
    if status is None:
        status = "OPEN" if played_matrix.count(ClauseStatus.UNCOVERED) + played_matrix.count(ClauseStatus.LATER) else ""
    lines = [line for line in played_matrix.lines if _is_listed(line, status, text.strip(), element)]
    city = view.package.jurisdiction.id
    return ClauseBench(
        view,
        view.package.law,
        _by_article(lines),
        tuple((clause_status, played_matrix.count(clause_status)) for clause_status in ClauseStatus),
        chosen_line,
        uses_of_clause(files, city, chosen) if chosen else (),
        status,
    )


def _is_listed(line: ClauseLine, status: str, text: str, element: str) -> bool:
    if status == "OPEN" and line.status not in _OPEN:
        return False
    if status not in ("", "OPEN") and line.status.name != status:
        return False
    if element and not any(place.element == element for place in line.places):
        return False
    clause = line.clause
    return text.lower() in f"{clause.id} {clause.article} {clause.summary} {clause.text}".lower()


def _by_article(lines: list[ClauseLine]) -> tuple[LawArticle, ...]:
    articles: dict[str, list[ClauseLine]] = {}
    for line in lines:
        articles.setdefault(line.clause.article, []).append(line)
    return tuple(LawArticle(name, tuple(article_lines)) for name, article_lines in articles.items())


@guarded("draft.edit")
def register_clauses(
    desk: Desk, actor: Actor, draft: int, prefix: str, pieces: Sequence[LawPiece]
) -> tuple[Clause, ...]:
    """Add a clause for each of ``pieces`` at the end of law.yaml and return them; raises Invalid where there is none."""
    if not pieces:
        raise Invalid(Text("没有选中任何条款。请至少勾选一条。", "Nothing is ticked: tick at least one passage."))
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    path = _law_file(row.package)
    before = text_of(tree, path)
    clauses = clauses_of(prefix, pieces, set(tree.package.law.clauses))
    after = register.add_clauses(before, clauses) if before else register.new_register(row.title, clauses)
    note = f"登记条款{len(clauses)}条"
    save_files(desk, actor, draft, [FileChange(path, before, after)], note)
    return clauses


@guarded("draft.edit")
def change_clause(
    desk: Desk, actor: Actor, draft: int, ident: str, entries: Mapping[str, str], opened: int | None = None
) -> None:
    """Write ``entries`` (article, kind, summary, text, terms, informative, outside, words_only, later) of clause ``ident``.

    ``opened`` is the revision of the draft at which it was shown, None for the newest.

    ``later`` is the reason, one for all such clauses, why the draft may be published before the clause is carried out.
    Raises Invalid where place or summary are empty, or two reasons are given why nothing needs to be done, and DraftConflict
    as `save_file`.
    """
    if any(not entries.get(key, "x").strip() for key in _ALWAYS):
        raise Invalid(Text("出处和要旨不能为空。", "Place and summary cannot be empty."))
    reasons = [key for key in (*REASONS, LATER) if entries.get(key, "").strip()]
    if len(reasons) > 1:
        raise Invalid(
            Text(
                "“说明性”“流程之外”“文字体现”“留待以后”只能写一个理由。",
                "Give one reason only: informative, outside, words only or left for later.",
            )
        )
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: _find_clause(tree, ident))
    path = _law_file(row.package)
    wanted: dict[str, Any] = {key: entries[key].strip() or None for key in (*_ALWAYS, *_MAY) if key in entries}
    if "terms" in entries:
        wanted["terms"] = [term for term in _BETWEEN_TERMS.split(entries["terms"]) if term] or None
    after = register.change_clause(text_of(tree, path), ident, wanted)
    if "later" in entries:
        after = register.leave_for_later(after, ident, entries["later"].strip() or None)
    save_file(desk, actor, draft, path, after.encode(), hash_of(tree.opened(path)), f"修改条款 {ident}")


def _find_clause(tree: DraftTree, ident: str) -> tuple[Clause | None, str]:
    """Return what the register says of a clause, and why it is left for later."""
    law = tree.package.law
    return law.clauses.get(ident), law.not_modelled_reason if ident in law.not_modelled_yet else ""


@guarded("draft.edit")
def settle_clauses(
    desk: Desk, actor: Actor, draft: int, idents: Sequence[str], answer: str, reason: str, opened: int | None = None
) -> int:
    """Write ``answer`` (a key of `ANSWERS`) with one ``reason`` for all of ``idents``; return how many they are.

    ``opened`` is the revision of the draft at which they were shown, None for the newest.

    Raises Invalid where none is named, the reason is missing, or the answer does not fit a clause: words only fits what
    something cites, the others what nothing cites. NotFound for a clause that the register does not have, and DraftConflict as `save_file`.
    """
    wanted = list(dict.fromkeys(idents))
    if not wanted:
        raise Invalid(
            Text("没有勾选条款。请在左边勾选，再写理由。", "No clause is ticked: tick some, then give the reason.")
        )
    if answer not in ANSWERS:
        raise Invalid(Text("请选择这些条款怎样了结。", "Choose what becomes of these clauses."))
    reason = reason.strip()
    if not reason and answer != OPEN_AGAIN:
        raise Invalid(Text("请写明理由，各条共用一个。", "Give the reason; it is one for all of them."))
    package = view_draft(desk, actor, draft).package
    for ident in wanted:
        package.law.clause(ident)
    _require_fitting(answer, wanted, frozenset(coverage(package).where))
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: [_find_clause(tree, ident) for ident in wanted])
    path = _law_file(row.package)
    after = register.settle_clauses(text_of(tree, path), wanted, "" if answer == OPEN_AGAIN else answer, reason)
    note = f"{ANSWERS[answer].zh}：{len(wanted)} 条条款"
    save_file(desk, actor, draft, path, after.encode(), hash_of(tree.opened(path)), note)
    return len(wanted)


def _require_fitting(answer: str, wanted: Sequence[str], cited: frozenset[str]) -> None:
    if answer == _WORDS_ONLY:
        bare = [ident for ident in wanted if ident not in cited]
        if bare:
            names = "、".join(bare)
            raise Invalid(
                Text(
                    f"{names} 还没有任何地方引用，不能记为文字体现。请先让写着它的文书、表单或者环节引用它，或者改选其他结果。",
                    f"Nothing cites {names} yet, so there are no words of it: let the letter, form or element that says it "
                    "cite it first, or choose another answer.",
                )
            )
    elif answer in (LATER, *REASONS):
        cited_ids = [ident for ident in wanted if ident in cited]
        if cited_ids:
            names = "、".join(cited_ids)
            raise Invalid(
                Text(
                    f"{names} 已有地方引用，不能同时记为“{ANSWERS[answer].zh}”。请先取消那里的引用，或者改选“文字体现”。",
                    f"{names} is cited, so it cannot be “{ANSWERS[answer].en}” too: take the citation out first, or choose "
                    "“Words only”.",
                )
            )


class ClauseInUse(Conflict):
    """A clause that something cites cannot be removed; ``uses`` says where."""

    code = "clause_in_use"

    def __init__(self, package: Package, ident: str, uses: tuple[ClauseUse, ...]) -> None:
        places = clause_places(package, uses, (ident,))
        named = "、".join(f"“{_get_place_name(package, place)}”" for place in places[:_MOST_NAMED])
        more = f"等{len(places)}处" if len(places) > _MOST_NAMED else ""
        super().__init__(
            Text(
                f"条款“{ident}”正被引用，不能移除：{named}{more}。请先让这些地方改引其他条款，或者取消引用。",
                f"Clause “{ident}” is cited in {counted(len(places), 'place')} and cannot be removed: let them cite another first.",
            )
        )
        self.uses = uses


def _get_place_name(package: Package, place: ClausePlace) -> str:
    return place.source.label if place.source else title_of(package, place.path)


@guarded("draft.edit")
def remove_clause(desk: Desk, actor: Actor, draft: int, ident: str, opened: int | None = None) -> None:
    """Remove clause ``ident`` as shown at revision ``opened``.

    Raises ClauseInUse where something cites it, NotFound where it is not there, and DraftConflict as `save_file`.
    """
    tree, city = _open_tree(desk, actor, draft)
    uses = uses_of_clause(tree.filled, city, ident)
    if uses:
        raise ClauseInUse(tree.package, ident, uses)
    path = _law_file(city)
    with desk.store.read() as tx:
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: _find_clause(tree, ident))
    after = register.remove_clause(text_of(tree, path), ident)
    save_file(desk, actor, draft, path, after.encode(), hash_of(tree.opened(path)), f"移除条款 {ident}")


@guarded("draft.edit")
def rebind_clause(desk: Desk, actor: Actor, draft: int, old: str, new: str, opened: int | None = None) -> int:
    """Let everything that cites ``old``, as shown at revision ``opened``, cite ``new``; returns how many files changed.

    Raises Invalid, and Conflict where another place cites ``old`` by now, or one of them no longer does.
    """
    tree, city = _open_tree(desk, actor, draft)
    with desk.store.read() as tx:
        require_unchanged_entry(
            desk, tx, draft, opened,
            lambda tree: ([(use.path, use.text) for use in uses_of_clause(tree.filled, city, old)], _find_clause(tree, new)),
        )  # fmt: skip
    if new not in tree.package.law.clauses or new == old:
        raise Invalid(
            Text(f"条款登记中没有“{new}”，请从登记中选另一条。", f"There is no other clause “{new}” in the register.")
        )
    sources = {path: data for path, data in tree.files.items() if path in tree.filled}
    changes = changes_of(tree, rebound(sources, city, old, new))
    save_files(desk, actor, draft, changes, f"改引条款 {old} → {new}")
    return len(changes)


def _open_tree(desk: Desk, actor: Actor, draft: int) -> tuple[DraftTree, str]:
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        return tree_of(desk, tx, draft), row.package.partition("/")[0]


@dataclass(frozen=True, slots=True)
class CarryingChoices:
    """What may carry out or prove a clause: ``diagrams`` by name with their elements as ("file#id", name), the others as (id, name)."""

    diagrams: Mapping[str, Sequence[tuple[str, str]]]
    parameters: tuple[tuple[str, Text], ...]
    scenarios: tuple[tuple[str, str], ...]


@guarded("draft.view")
def view_carrying_choices(desk: Desk, actor: Actor, draft: int, ident: str) -> CarryingChoices:
    """Return the elements, parameters and scenarios of a draft that do not cite clause ``ident`` yet; raises NotFound."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    package = tree.package
    parameters = package.award.parameters.values()
    return CarryingChoices(
        dict(_diagrams_to_cite(package, row.package, ident)),
        tuple((parameter.id, parameter.text) for parameter in parameters if ident not in parameter.clauses),
        tuple((file.path, file.title) for file in scenario_files(tree.filled, row.package) if file.scenario),
    )


def _diagrams_to_cite(package: Package, key: str, ident: str) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    for path, diagram in package.diagrams.items():
        if path.startswith(f"processes/{key}/"):
            alike = Counter(element.name for element in diagram.elements.values())
            yield (
                diagram.name or diagram.process_id,
                [
                    (f"{path}#{element.id}", element_name(package, path, element, alike[element.name]))
                    for element in diagram.elements.values()
                    if ident not in element.clauses
                ],
            )


@guarded("draft.edit")
def cite_clause(desk: Desk, actor: Actor, draft: int, ident: str, place: str, opened: int | None = None) -> None:
    """Let the element at ``place`` ("file#id") cite clause ``ident``, both as shown at revision ``opened``.

    Raises Invalid where the element is gone, NotFound for the clause, Conflict where either was changed since.
    """
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        require_unchanged_entry(
            desk,
            tx,
            draft,
            opened,
            lambda tree: (_find_clause(tree, ident), _cited_at(tree, *place.partition("#")[::2])),
        )
    clause = tree.package.law.clause(ident)
    path, _, name = place.partition("#")
    diagram = tree.package.diagrams.get(path)
    element = diagram.elements.get(name) if diagram else None
    if element is None:
        raise Invalid(
            Text("请从流程图中选一处；原来选的可能已经删去。", "Choose an element; the one chosen may be gone.")
        )
    before = text_of(tree, path)
    cited = " ".join(dict.fromkeys([*element.clauses, ident]))
    root = parse_xml(before.encode(), path)
    set_property(next(node for node in root.iter() if node.get("id") == name), "clauses", cited)
    after = format_root(root).decode()
    save_files(desk, actor, draft, [FileChange(path, before, after)], f"“{element.name}”引用{clause.article}")


def _cited_at(tree: DraftTree, path: str, name: str) -> tuple[str, Collection[str]] | None:
    diagram = tree.package.diagrams.get(path)
    element = diagram.elements.get(name) if diagram else None
    return (element.name, element.clauses) if element else None


def _law_file(package: str) -> str:
    return f"processes/{package.partition('/')[0]}/law.yaml"


_SAID = ("article", "summary", "text")
_FEWEST = 0.5
"""A text in which fewer of the registered clauses go on is no amended text of this regulation."""


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change of the register, and the lines that name the clause it changes or takes away."""

    number: int
    change: ClauseChange
    uses: tuple[ClauseUse, ...]


@dataclass(frozen=True, slots=True)
class AmendmentProposal:
    """What an amended text changes; ``running`` counts the cases of the award that have not ended.

    ``moved`` are the articles that have another number or are gone, ``naming`` the files that name them by the old one.
    """

    changes: tuple[ProposedChange, ...]
    running: int
    moved: Mapping[str, str]
    naming: tuple[str, ...]


@guarded("draft.view")
def propose_amendment(desk: Desk, actor: Actor, draft: int, text: str) -> AmendmentProposal:
    """Return what the whole amended ``text`` changes in the register of a draft; nothing is written. Raises Invalid."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        place, _, award = row.package.partition("/")
        running = tx.cases.count_behind(place, award, "")
    changes = _propose_changes(tree, place, text)
    moved = articles_moved(p.change for p in changes)
    return AmendmentProposal(changes, running, moved, _files_naming(tree, place, moved))


@guarded("draft.edit")
def confirm_amendment(
    desk: Desk,
    actor: Actor,
    draft: int,
    text: str,
    chosen: Collection[int],
    *,
    revision: int | None = None,
) -> int:
    """Write the changes whose numbers are ``chosen``; returns how many.

    ``revision`` is the one of the draft that was shown.

    Raises:
        ClauseInUse: a clause that goes is cited.
        Invalid: nothing is chosen, or ``text`` cannot be read as this regulation.
        Conflict: the draft was changed since it was shown.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if revision is not None and revision != tree.revision:
        raise Conflict(
            Text(
                "对照以后，草稿又改过，没有写入。下面按现在的草稿重新对照过：请核对勾选的各项，再写入。",
                "The draft was changed since the text was compared, and nothing was written. It was compared again below: look at "
                "what is ticked, then write it.",
            )
        )
    city = row.package.partition("/")[0]
    wanted = [
        p for p in _propose_changes(tree, city, text) if p.number in chosen and p.change.act is not ClauseAct.LOOK
    ]
    if not wanted:
        raise Invalid(Text("没有选中任何修改。请至少勾选一项。", "Nothing is ticked: tick at least one change."))
    cited = next((p for p in wanted if p.uses and p.change.act is ClauseAct.REMOVE), None)
    if cited is not None:
        raise ClauseInUse(tree.package, cited.change.clause.id, cited.uses)
    path = f"processes/{city}/law.yaml"
    after = {path: _change_register(text_of(tree, path), [p.change for p in wanted])}
    save_files(desk, actor, draft, changes_of(tree, after), f"按修改后的全文修改条款{len(wanted)}处")
    return len(wanted)


def _change_register(text: str, changes: Iterable[ClauseChange]) -> str:
    register = OpenRegister(text)
    for change in changes:
        before, after = change.before, change.after
        if before is not None and after is not None:
            changed_fields = {
                key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)
            }
            register.change(before.id, changed_fields)
        elif before is not None:
            register.remove(before.id)
    for change in changes:  # they stand by the new numbers
        if change.before is None and change.after is not None:
            register.insert(change.after)
    return register.text()


def _propose_changes(tree: DraftTree, city: str, text: str) -> tuple[ProposedChange, ...]:
    law = tree.package.law
    changes = compare_texts(law, text)
    missing_count = sum(change.act in (ClauseAct.LOOK, ClauseAct.REMOVE) for change in changes)
    if missing_count > _FEWEST * len(law.clauses):
        raise Invalid(
            Text(
                f"这段文字里找不到已登记的 {len(law.clauses)} 条中的 {missing_count} 条，看来不是这部办法修改后的全文。"
                "请粘贴修改后的全文；只有修改决定的，请按它把改动写进全文，或者在条款里逐条改。",
                f"{missing_count} of the {len(law.clauses)} clauses on record are not in this text: it does not look like the whole amended "
                "regulation. Paste the whole text; with a decision alone, work its changes into the text, or change the clauses one by one.",
            )
        )
    return tuple(
        ProposedChange(number, change, uses_of_clause(tree.filled, city, change.before.id) if change.before else ())
        for number, change in enumerate(changes, 1)
    )


def _files_naming(tree: DraftTree, city: str, moved: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files of the city that name an article which has another number now; the register itself is left out."""
    if not moved:
        return ()
    named = re.compile("|".join(re.escape(article) for article in moved))
    files = {path: tree.filled[path] for path in tree.filled}
    return tuple(
        path for path, text in texts_of_city(files, city) if path != f"processes/{city}/law.yaml" and named.search(text)
    )
