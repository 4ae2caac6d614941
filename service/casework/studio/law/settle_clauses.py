"""Say of several open clauses of a draft at once why nothing carries them out, or that this waits."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_files import FileChange, save_files, text_of
from service.casework.studio.drafts.view_draft import view_draft
from service.catalog.coverage.coverage import coverage
from service.catalog.law_text.register import LATER, REASONS
from service.catalog.law_text.register import settle_clauses as settled
from service.domain.errors import Invalid
from service.domain.text import Text

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


@guarded("draft.edit")
def settle_clauses(desk: Desk, actor: Actor, draft: int, idents: Sequence[str], answer: str, reason: str) -> int:
    """Write ``answer`` (a key of `ANSWERS`) with one ``reason`` for all of ``idents``; return how many they are.

    Raises Invalid where none is named, the reason is missing, or the answer does not fit a clause: words only fits what
    something cites, the others what nothing cites. NotFound for a clause that the register does not have.
    """
    wanted = list(dict.fromkeys(idents))
    if not wanted:
        raise Invalid(
            Text("没有勾选条款。请在左边勾选，再写理由。", "No clause is ticked: tick some, then give the reason.")
        )
    if answer not in ANSWERS:
        raise Invalid(Text("请选择这些条款怎样了结。", "Choose what becomes of these clauses."))
    said = reason.strip()
    if not said and answer != OPEN_AGAIN:
        raise Invalid(Text("请写明理由，各条共用一个。", "Give the reason; it is one for all of them."))
    package = view_draft(desk, actor, draft).package
    for ident in wanted:
        package.law.clause(ident)
    _demand_fitting(answer, wanted, frozenset(coverage(package).where))
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    path = f"processes/{row.package.partition('/')[0]}/law.yaml"
    before = text_of(tree, path)
    after = settled(before, wanted, "" if answer == OPEN_AGAIN else answer, said)
    save_files(desk, actor, draft, [FileChange(path, before, after)], f"{ANSWERS[answer].zh}：{len(wanted)} 条条款")
    return len(wanted)


def _demand_fitting(answer: str, wanted: Sequence[str], cited: frozenset[str]) -> None:
    if answer == _WORDS_ONLY:
        bare = [ident for ident in wanted if ident not in cited]
        if bare:
            names = "、".join(bare)
            raise Invalid(
                Text(
                    f"{names} 还没有任何地方引用，不能记为文字体现。请先让写着它的文书、表单或者图元引用它，或者改选其他结果。",
                    f"Nothing cites {names} yet, so there are no words of it: let the letter, form or element that says it "
                    "cite it first, or choose another answer.",
                )
            )
    elif answer in (LATER, *REASONS):
        held = [ident for ident in wanted if ident in cited]
        if held:
            names = "、".join(held)
            raise Invalid(
                Text(
                    f"{names} 已有地方引用，不能同时记为“{ANSWERS[answer].zh}”。请先取消那里的引用，或者改选“文字体现”。",
                    f"{names} is cited, so it cannot be “{ANSWERS[answer].en}” too: take the citation out first, or choose "
                    "“Words only”.",
                )
            )
