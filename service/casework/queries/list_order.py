"""In which order a list is shown, and where a page of it begins."""

from __future__ import annotations

from collections.abc import Collection

from service.store import CAP, Ordered

PAGE = 40
OLDEST = "when"
"""The word of the order in which the oldest comes first."""


def place_in(order: str, orders: Collection[str], many: int, page: int) -> tuple[Ordered | None, int]:
    """Return the order of the page asked for and how many pages there are; None and 0 where no such order can be had.

    ``order`` is one of ``orders``, with a minus before it turned round. A list of more rows than are counted (``many``) is
    put in no other order than its own.
    """
    by = order.removeprefix("-")
    if by not in orders or many >= CAP:
        return None, 0
    pages = max(1, -(-many // PAGE))
    return Ordered(by, order.startswith("-"), PAGE * (min(max(page, 1), pages) - 1)), pages
