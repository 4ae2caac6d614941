"""An entry of the book and the move of its chain's head in one statement, as PostgreSQL takes it."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.rows.acts import act, act_head

_OWN = [column for column in act.c if column is not act.c.id]
_MOVED_BY = (
    sa.update(act_head)
    .where(act_head.c.chain == sa.bindparam("at_chain"))
    .values(seq=sa.bindparam("at_seq"), hash=sa.bindparam("at_hash"))
    .cte("moved")
)
ENTERED = (
    sa.insert(act)
    .inline()
    .values({column: sa.bindparam(f"at_{column.name}", type_=column.type) for column in _OWN})
    .add_cte(_MOVED_BY)
)
"""After the head was asked for, which is locked."""
_MOVED_FROM = (
    sa.update(act_head)
    .where(
        act_head.c.chain == sa.bindparam("at_chain"),
        act_head.c.seq == sa.bindparam("was_seq"),
        act_head.c.hash == sa.bindparam("at_previous"),
    )
    .values(seq=sa.bindparam("at_seq"), hash=sa.bindparam("at_hash"))
    .returning(act_head.c.chain)
    .cte("moved")
)
FOLLOWED = (
    sa.insert(act)
    .from_select(
        [column.name for column in _OWN],
        sa.select(*(sa.bindparam(f"at_{column.name}", type_=column.type) for column in _OWN)).select_from(_MOVED_FROM),
    )
    .returning(act.c.id)
)
"""Where the chain still ends as it says in ``was_seq`` and ``at_previous``, else nothing: its head is not asked for before."""
