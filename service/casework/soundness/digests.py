"""Every row that decides is as the chains say: of every case, and what belongs to none."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.digests.compare import altered, altered_beside
from service.casework.soundness.chains import KEEP
from service.casework.soundness.fault import Unsound, in_case
from service.domain.text import Text
from service.store import ToldOfRows

_PAGE = 50


def digests(desk: Desk) -> Iterator[int | Unsound]:
    """Compare, tree by tree; what seems wrong is looked at once more while nobody may move it."""
    after, beside = 0, list[ToldOfRows]()
    while True:
        with desk.store.read() as tx:
            roots = tx.digests.roots_after(after, _PAGE)
            trees = {root: [case.id for case in tx.cases.tree(root)] for root in roots}
            suspects = [tree for tree in trees.values() if altered(desk, tx, tree, beside=beside)]
        for tree in suspects:
            yield from _held_still(desk, tree)
        if not roots:
            break
        yield sum(map(len, trees.values()))
        after = roots[-1]
    with desk.store.read() as tx:
        for one in altered_beside(desk, tx, beside):
            yield Unsound(
                Text("登记", "the register"), Text(f"{one.words.zh}；{KEEP.zh}。", f"{one.words.en}; {KEEP.en}.")
            )


def _held_still(desk: Desk, tree: list[int]) -> list[Unsound]:
    with desk.store.write() as tx:
        for ident in tree:
            tx.cases.lock(ident)
        found = altered(desk, tx, tree)
        title = tx.cases.get(tree[0]).title
    return list(in_case(tree[0], title, [one.words for one in found], KEEP))
