"""Amend the register of a draft by the whole amended text: compared first, then what was confirmed is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_file import changes_of, save_files, text_of
from service.casework.studio.law.clauses import ClauseInUse
from service.catalog.law.clause_uses import ClauseUse, texts_of_city, uses_of_clause
from service.catalog.law_text.compare_texts import ClauseAct, ClauseChange, articles_moved, compare_texts
from service.catalog.law_text.register import OpenRegister
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

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
    changes = _proposed(tree, place, text)
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
    wanted = [p for p in _proposed(tree, city, text) if p.number in chosen and p.change.act is not ClauseAct.LOOK]
    if not wanted:
        raise Invalid(Text("没有选中任何修改。请至少勾选一项。", "Nothing is ticked: tick at least one change."))
    cited = next((p for p in wanted if p.uses and p.change.act is ClauseAct.REMOVE), None)
    if cited is not None:
        raise ClauseInUse(tree.package, cited.change.clause.id, cited.uses)
    path = f"processes/{city}/law.yaml"
    after = {path: _register(text_of(tree, path), [p.change for p in wanted])}
    save_files(desk, actor, draft, changes_of(tree, after), f"按修改后的全文修改条款{len(wanted)}处")
    return len(wanted)


def _register(text: str, changes: Iterable[ClauseChange]) -> str:
    register = OpenRegister(text)
    for change in changes:
        before, after = change.before, change.after
        if before is not None and after is not None:
            said = {key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)}
            register.change(before.id, said)
        elif before is not None:
            register.remove(before.id)
    for change in changes:  # they stand by the new numbers
        if change.before is None and change.after is not None:
            register.insert(change.after)
    return register.text()


def _proposed(tree: DraftTree, city: str, text: str) -> tuple[ProposedChange, ...]:
    law = tree.package.law
    changes = compare_texts(law, text)
    left = sum(change.act in (ClauseAct.LOOK, ClauseAct.REMOVE) for change in changes)
    if left > _FEWEST * len(law.clauses):
        raise Invalid(
            Text(
                f"这段文字里找不到已登记的 {len(law.clauses)} 条中的 {left} 条，看来不是这部办法修改后的全文。"
                "请粘贴修改后的全文；只有修改决定的，请按它把改动写进全文，或者在条款里逐条改。",
                f"{left} of the {len(law.clauses)} clauses on record are not in this text: it does not look like the whole amended "
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
