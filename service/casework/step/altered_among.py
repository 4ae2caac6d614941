"""Rows of a case that are not as the chains say, where a step of another case of its tree may have written them."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.desk.desk import Desk
from service.casework.records.compare import Altered, altered
from service.casework.step.own_state import tree_of
from service.store import Transaction


def altered_among(
    desk: Desk, tx: Transaction, case_id: int, case_ids: Collection[int], tables: Collection[str]
) -> tuple[list[Altered], list[int]]:
    """Return what of the rows of ``case_ids`` is not as recorded, and the cases whose histories were heard.

    Their own histories are heard first. Only where these say otherwise are those of the whole tree of ``case_id``: another case
    may have filed a document here, or a recusal in it taken somebody off the panels of a whole stage.
    """
    own = {one.row for one in altered(desk, tx, sorted(case_ids), tables)}
    if not own:
        return [], sorted(case_ids)
    tree = tree_of(tx, tx.cases.get(case_id))
    return [one for one in altered(desk, tx, tree, tables) if one.row in own], tree
