"""What tables are asked: every name given to one as a condition or a change is a column of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import sqlalchemy as sa

from service.store.queries.rows import Rows
from service.store.transaction import Transaction
from tests.architecture.test_house import PRODUCT, place, trees

ASKED = {"select", "find", "pick", "count_rows", "count_by", "total", "delete", "change", "step", "change_where"}
WAYS = {"lt", "le", "gt", "ge", "ne", "in"}
TABLES = {
    name: joined._kind
    for name, joined in vars(Transaction).items()
    if isinstance(getattr(joined, "_kind", None), type) and issubclass(joined._kind, Rows)
}


def texts(node: ast.AST | None) -> list[str]:
    """The name of a column, or several parted by blanks, as a literal says it."""
    return node.value.replace("-", "").split() if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def names(call: ast.Call, method: str) -> Iterator[str]:
    """The columns that a call names: as keywords, as an order or the one picked, and as keys of a literal condition."""
    own = {"order", "after", "limit"} if method in ("select", "find") else set()
    yield from (each.arg.partition("__")[0] for each in call.keywords if each.arg and each.arg not in own)
    if method in ("select", "find", "pick", "count_by", "total"):
        yield from texts(call.args[0] if call.args else None)
    if method == "change_where" and isinstance(call.args[0], ast.Dict):
        yield from (text.partition("__")[0] for key in call.args[0].keys for text in texts(key))


def test_every_condition_names_a_column() -> None:
    seen, wrong = 0, []
    for path, tree in trees(PRODUCT):
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr=method, value=ast.Attribute(attr=name, value=owner))) if (
                    method in ASKED and name in TABLES and ast.unparse(owner).endswith("tx")
                ):
                    if getattr(TABLES[name], method) is not getattr(Rows, method) and method != "change":
                        continue
                    table: sa.Table = TABLES[name].table
                    seen += 1
                    wrong += [
                        f"{place(path, node)} {name}: {each}" for each in names(node, method) if each not in table.c
                    ]
    assert wrong == []
    assert seen > 500
