"""Every row that decides is as the chains say: of every case, and what belongs to none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.casework.desk.desk import Desk
from service.casework.people.choice_seals import rows_of_others
from service.casework.people.seals.missing_rows import missing_rows
from service.casework.people.seals.row_seals import unsealed
from service.casework.records.compare import about_no_case, altered, altered_beside, are_comparable
from service.casework.records.unreadable import readable
from service.casework.soundness.chains import KEEP
from service.casework.soundness.fault import Underway, Unsound, WrongCase, in_case
from service.casework.soundness.versions import altered_versions
from service.casework.soundness.written_letters import written_letters
from service.casework.soundness.written_tasks import written_tasks
from service.domain.proof.row_mark import RowMark
from service.domain.text import Text
from service.store import ToldOfRows

_PAGE = 50
_DAILY = (
    *("case_party", "inbox", "upload", "draft"),
    *("paged_file", "file_page", "sitting", "sitting_member", "rating"),
)
"""Tables whose seals are so many that they are looked at once a day."""
_NOT_COMPARED = Text(
    "没有核对：密钥目录中没有摘要的密钥（升级后服务还没有启动过，换了密钥目录，或者恢复到新的机器）。服务启动后在后台重新记下现有的数据，"
    "也可以运行 laurel audit record-rows，此后照常核对；恢复以前的改动由此查不出，可与原机器的核对结果对照",
    "Not compared: the folder of keys holds no key of digests (no server ran since an upgrade, another folder, or a"
    " restore to a new machine). A server that starts records the data as they are now, and so does laurel audit"
    " record-rows; from then on they are compared. What was changed before is not found by it: look at what the machine of"
    " before found",
)


def digests(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Compare, tree by tree, as `_digests`; a cell that cannot be read is named."""
    for found in readable(desk, _digests(desk)):
        yield _of_register(found) if isinstance(found, RowMark) else found


def _of_register(words: Text) -> Unsound:
    return Unsound(Text("登记", "the register"), Text(f"{words.zh}；{KEEP.zh}。", f"{words.en}; {KEEP.en}."))


def _digests(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Compare, tree by tree; what seems wrong is looked at once more while nobody may move it.

    Where the key that it takes is not there nothing is looked at, and that is said.
    """
    if not are_comparable(desk):
        yield Underway(_NOT_COMPARED)
        return
    after, beside = 0, list[ToldOfRows]()
    while True:
        roots, looked_at, wrong = page_of_digests(desk, after, _PAGE, beside)
        for one in wrong:
            yield from in_case(one.case_id, one.title, one.wrong, KEEP)
        if not roots:
            break
        yield looked_at
        after = roots[-1]
    for words in dict.fromkeys((*_words_beside(desk, beside), *wrong_marks(desk), *altered_versions(desk))):
        yield _of_register(words)


def page_of_digests(
    desk: Desk, after: int, most: int, beside: list[ToldOfRows] | None = None
) -> tuple[Sequence[int], int, list[WrongCase]]:
    """Return the next trees of cases by their roots, how many cases they are, and those that are not as recorded.

    ``beside`` collects what their histories say of rows that belong to no case.
    """
    with desk.store.read() as tx:
        roots = tx.digests.roots_after(after, most)
        trees = {root: [case.id for case in tx.cases.tree(root)] for root in roots}
        suspects = [tree for tree in trees.values() if altered(desk, tx, tree, beside=beside)]
    return roots, sum(map(len, trees.values())), [wrong for tree in suspects for wrong in _held_still(desk, tree)]


def wrong_beside(desk: Desk, marks: Iterable[RowMark] | None = None) -> list[Text]:
    """Return what of rows that belong to no case is not as recorded; read page by page, and once more where it seems so.

    ``marks`` that do not hold are among it, which are looked for where they are not known yet.
    """
    found = _seen_beside(desk)
    again = set(_seen_beside(desk)) if found else set()
    known = marks if marks is not None else wrong_marks(desk)
    return [*dict.fromkeys((*(words for words in found if words in again), *known))]


def wrong_marks(desk: Desk) -> list[RowMark]:
    """Return the marks of rows that do not hold, also of those of which there are too many to look at often."""
    looks = (
        unsealed(desk),
        written_tasks(desk),
        written_letters(desk),
        *(rows_of_others(desk.store, table) for table in _DAILY),
        missing_rows(desk, daily=True),
    )
    return [*dict.fromkeys(mark for look in looks for mark in readable(desk, look))]


def _seen_beside(desk: Desk) -> list[Text]:
    after, beside = 0, list[ToldOfRows]()
    while True:
        with desk.store.read() as tx:
            roots = tx.digests.roots_after(after, _PAGE)
            tree = [case.id for root in roots for case in tx.cases.tree(root)]
            beside += about_no_case(tx.digests.told_of(tree))
        if not roots:
            break
        after = roots[-1]
    return _words_beside(desk, beside)


def _words_beside(desk: Desk, beside: Sequence[ToldOfRows]) -> list[Text]:
    return [*readable(desk, _altered_words(desk, beside))]


def _altered_words(desk: Desk, beside: Sequence[ToldOfRows]) -> Iterator[Text]:
    with desk.store.read() as tx:
        yield from [found.words for found in altered_beside(desk, tx, beside)]


def _held_still(desk: Desk, tree: list[int]) -> list[WrongCase]:
    with desk.store.write() as tx:
        for ident in tree:
            tx.cases.lock(ident)
        found = altered(desk, tx, tree)
        title = tx.cases.get(tree[0]).title
    return [WrongCase(tree[0], title, tuple(one.words for one in found))] if found else []
