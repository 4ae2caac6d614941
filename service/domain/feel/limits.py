"""Limits of evaluation: fixed bounds and the meter that counts against them."""

from __future__ import annotations

from collections.abc import Sized

from service.domain.feel.errors import too_deep, too_large, too_many_steps

MAX_TEXT = 10_000
"""Characters in an expression."""
MAX_NESTING = 100
"""Operators and brackets inside one another."""
MAX_STEPS = 250_000
"""Parts evaluated in loops and calls, comparisons and copied elements in one evaluation."""
MAX_CALL_DEPTH = 150
"""Nesting of user-defined function bodies under evaluation, in syntax levels."""
MAX_STRING = 50_000
"""Characters in a string that an expression builds."""
MAX_LIST = 20_000
"""Elements in a list that an expression builds."""


class Meter:
    """Counts what one evaluation uses and carries the caller's ``context`` for extra functions."""

    __slots__ = ("context", "depth", "left")

    def __init__(self, context: object = None, steps: int = MAX_STEPS) -> None:
        self.context = context
        self.left = steps
        self.depth = 0

    def charge(self, steps: int) -> None:
        """Take ``steps`` from the budget; raise FeelLimitExceeded when none are left."""
        self.left -= steps
        if self.left < 0:
            raise too_many_steps(MAX_STEPS)

    def enter(self, levels: int) -> None:
        """Go ``levels`` deeper into calls; raise FeelLimitExceeded when that is too deep."""
        self.depth += levels
        if self.depth > MAX_CALL_DEPTH:
            raise too_deep()

    def leave(self, levels: int) -> None:
        """Come back from ``enter``."""
        self.depth -= levels

    def room_for_text(self, length: int) -> None:
        """Pay for a string of ``length`` characters; raise FeelLimitExceeded when it is too long."""
        if length > MAX_STRING:
            raise too_large("文本", "string", MAX_STRING)
        self.charge(1 + (length >> 5))

    def room_for_list(self, length: int) -> None:
        """Pay for a list of ``length`` elements; raise FeelLimitExceeded when it is too long."""
        if length > MAX_LIST:
            raise too_large("列表", "list", MAX_LIST)
        self.charge(1 + length)

    def pay_for(self, value: object) -> None:
        """Pay for reading through ``value`` once."""
        if isinstance(value, str):
            self.charge(1 + (len(value) >> 5))
        elif isinstance(value, Sized):
            self.charge(1 + len(value))
