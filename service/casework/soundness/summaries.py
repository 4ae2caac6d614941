"""What is searched by says what the rows say that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Underway, Unsound
from service.casework.soundness.found_by import wrongly_found
from service.domain.text import Text

_MOST = 100
_NAMED = {
    "case": Text("办件", "case"),
    "document": Text("文书", "document"),
    "ballot": Text("表决", "ballot"),
    "body": Text("单位", "organisation"),
    "person": Text("人员", "person"),
    "value": Text("办件", "case"),
    "notice": Text("公示公告", "notice"),
    "file": Text("附件所属办件", "case with files"),
}


def summaries(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Look in the search table for every row and for every pair."""
    with desk.store.read() as tx:
        missed = tx.soundness.wrongly_searched(_MOST)
        misled = [case_id for case_id, _ in islice(wrongly_found(desk, tx), _MOST)]
    for case_id in misled:
        yield Unsound(
            Text(f"办件 {case_id}", f"case {case_id}"),
            Text(
                "按它的事实检索的内容与办件不符；停止服务后运行 laurel doctor --reindex 重建。",
                "what it is found by is not what its facts say; stop the service and run laurel doctor --reindex.",
            ),
        )
    for subject_name, ident in missed:
        kind = _NAMED[subject_name]
        yield Unsound(
            Text(f"{kind.zh} {ident}", f"{kind.en} {ident}"),
            Text(
                "检索表与它的名称不符，会查不到；停止服务后运行 laurel doctor --reindex 重建。",
                "the search table does not hold its name; stop the service and run laurel doctor --reindex.",
            ),
        )
