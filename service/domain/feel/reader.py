"""The base of the parser: current lexeme, bounds and errors; and walks over parsed nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from service.domain.feel.errors import FeelSyntaxError
from service.domain.feel.lexer import Lexeme, LexemeKind, Lexer
from service.domain.feel.limits import MAX_NESTING, MAX_TEXT
from service.domain.feel.nodes import Chain, Name, Node
from service.domain.text import Text

T = TypeVar("T")
_POWER = 100


class Reader:
    """The place in the text, with one token of look-ahead."""

    def __init__(self, text: str, known: Iterable[str] = ()) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(
                text,
                MAX_TEXT,
                Text(
                    f"表达式超过 {MAX_TEXT} 个字符，请拆成几个。",
                    f"An expression has at most {MAX_TEXT} characters; split it.",
                ),
            )
        self.text = text
        self.lexer = Lexer(text, known)
        self.last_end = 0
        self.in_range_end = False
        self._depth = 0
        self.token = self.lexer.token(0)

    def whole(self, read: Callable[[], T]) -> T:
        """Apply ``read`` and insist that it used up the text."""
        try:
            node = read()
        except RecursionError:
            raise self._too_deep() from None
        if self.token.sort is not LexemeKind.END:
            raise self.error(
                Text(f"这里多出“{self.token.text}”，或前面缺少运算符。", f"“{self.token.text}” does not belong here.")
            )
        return node

    def deeper(self) -> None:
        """Enter a nested expression."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._too_deep()

    def shallower(self) -> None:
        """Leave a nested expression."""
        self._depth -= 1

    def _too_deep(self) -> FeelSyntaxError:
        return self.error(
            Text("嵌套过深，请拆成几个表达式。", "The expression is nested too deeply; split it into several.")
        )

    def advance(self) -> Lexeme:
        """Return the current token and move to the next."""
        token = self.token
        self.last_end = token.end
        self.token = self.lexer.token(token.end)
        return token

    def move_to(self, position: int) -> None:
        """Go on reading at ``position``."""
        self.last_end = position
        self.token = self.lexer.token(position)

    def peek(self) -> Lexeme:
        """Return the token after the current one."""
        return self.lexer.token(self.token.end)

    def at(self, symbol: str) -> bool:
        """Say whether the current token is this symbol."""
        return self.token.sort is LexemeKind.SYMBOL and self.token.text == symbol

    def accept(self, symbol: str) -> bool:
        """Move past ``symbol`` if it is there."""
        if not self.at(symbol):
            return False
        self.advance()
        return True

    def expect(self, symbol: str) -> None:
        """Move past ``symbol``; raise FeelSyntaxError if it is not there."""
        if not self.accept(symbol):
            raise self.error(Text(f"这里应为“{symbol}”。", f"“{symbol}” is expected here."))

    def keyword(self, word: str, otherwise: Text | None = None) -> None:
        """Move past keyword ``word``; raise FeelSyntaxError saying ``otherwise`` if it is not there."""
        if self.token.sort not in (LexemeKind.KEYWORD, LexemeKind.NAME) or self.token.text.split(" ")[0] != word:
            raise self.error(otherwise or Text(f"这里应为“{word}”。", f"“{word}” is expected here."))
        self.move_to(self.token.start + len(word))

    def since(self, first: Node) -> tuple[int, int]:
        """Return the span from ``first`` to here."""
        return (first.span[0], self.last_end)

    def error(self, problem: Text) -> FeelSyntaxError:
        """Return an error at the current token."""
        return FeelSyntaxError(self.text, min(self.token.start, len(self.text)), problem)


def iterate_child_nodes(node: Node) -> Iterator[Node]:
    """Return the parts directly inside ``node``."""
    for name in node.__dataclass_fields__:  # what `fields` makes a list of anew every time
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from _nodes_in(value)


def _nodes_in(values: tuple[object, ...]) -> Iterator[Node]:
    for part in values:
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple):
            yield from _nodes_in(part)


def walk_nodes(node: Node) -> Iterator[Node]:
    """Return ``node`` and every part inside it."""
    pending = [node]
    while pending:
        part = pending.pop()
        yield part
        pending.extend(iterate_child_nodes(part))


def uses_input(node: Node) -> bool:
    """Say whether ``node`` speaks about the input value ``?``."""
    return any(isinstance(part, Name) and part.name == "?" for part in walk_nodes(node))


def weight_of(node: Node) -> int:
    """Return how much of the budget one evaluation of ``node`` takes when it is repeated."""
    return sum(_POWER if isinstance(part, Chain) and part.rest[0][0] == "**" else 1 for part in walk_nodes(node))
