"""The part of the parser that reads brackets: lists, ranges in all their spellings, open ranges, lists of tests."""

from __future__ import annotations

from abc import abstractmethod

from service.domain.feel.lexer import LexemeKind
from service.domain.feel.nodes import ListLiteral, Node, RangeLiteral
from service.domain.feel.parse_types import TypeParser
from service.domain.text import Text

_SIGNS = frozenset({"<", "<=", ">", ">=", "=", "!="})
_STARTS = frozenset({"(", "[", "{", "-", "@"})
_FOLLOWING = frozenset({"and", "or", "then", "else", "return", "satisfies", "in", "instance", "between"})


class RangeParser(TypeParser):
    """Reads what stands in brackets."""

    @abstractmethod
    def expression(self, rank: int = 1) -> Node:
        """Read an expression."""

    def brackets(self) -> Node:
        """Read what stands in parentheses: an expression, ``(< 10)`` or ``(a..b]``."""
        start = self.advance().start
        if self.at_sign():
            node: Node = self.open_range()
        else:
            node = self.inside()
            if self.accept(".."):
                return self._range_end(start, node, included=False)
        self.expect(")")
        return node

    def inside(self) -> Node:
        """Read an expression that is no longer directly at the end of a range."""
        before, self.in_range_end = self.in_range_end, False
        node = self.expression()
        self.in_range_end = before
        return node

    def listing(self) -> Node:
        """Read ``[a, b]`` or ``[a..b]``."""
        start = self.advance().start
        if self.accept("]"):
            return ListLiteral((), span=(start, self.last_end))
        first = self._element()
        if self.accept(".."):
            return self._range_end(start, first, included=True)
        elements = [first]
        while self.accept(","):
            elements.append(self._element())
        self.expect("]")
        return ListLiteral(tuple(elements), span=(start, self.last_end))

    def _element(self) -> Node:
        return self.open_range() if self.at_sign() else self.inside()

    def range_after(self) -> Node:
        """Read ``]a..b]``."""
        start = self.advance().start
        first = self.inside()
        self.expect("..")
        return self._range_end(start, first, included=False)

    def _range_end(self, start: int, first: Node, *, included: bool) -> Node:
        before, self.in_range_end = self.in_range_end, True
        last = self.expression(4)
        self.in_range_end = before
        end_included = self.at("]")
        if not (end_included or self.at(")") or self.at("[")):
            raise self.error(Text("区间要以“]”、“)”或“[”结束。", "A range ends with “]”, “)” or “[”."))
        self.advance()
        return RangeLiteral(first, last, included, end_included, span=(start, self.last_end))

    def at_sign(self) -> bool:
        """Say whether an open range such as ``< 10`` starts here."""
        return self.token.sort is LexemeKind.SYMBOL and self.token.text in _SIGNS

    def open_range(self) -> RangeLiteral:
        """Read ``< 10``, ``= 10`` and the like as a range."""
        sign = self.advance()
        bound = self.expression(4)
        low, high = sign.text in (">", ">="), sign.text in ("<", "<=")
        return RangeLiteral(
            None if high else bound,
            None if low else bound,
            sign.text in (">=", "="),
            sign.text in ("<=", "="),
            sign.text,
            span=(sign.start, self.last_end),
        )

    def expression_or_open_range(self) -> Node:
        """Read an expression, or ``< 10`` as a value."""
        return self.open_range() if self.at_sign() else self.inside()

    def closes_range(self) -> bool:
        """Say whether the ``[`` here ends a range such as ``[1..10[`` rather than starting a filter."""
        if not self.in_range_end:
            return False
        following = self.peek()
        if following.sort is LexemeKind.SYMBOL:
            return following.text not in _STARTS
        return following.sort is LexemeKind.END or following.text in _FOLLOWING

    def looks_like_list_of_tests(self) -> bool:
        """Say whether the bracket here holds several tests or an open range, not an expression or a range."""
        return self._in_bracket_scan(self.token.end)

    def _in_bracket_scan(self, position: int) -> bool:
        token, depth = self.lexer.token(position), 0
        if token.sort is LexemeKind.SYMBOL and token.text in _SIGNS:
            return True
        while token.sort is not LexemeKind.END:
            if token.sort is LexemeKind.SYMBOL:
                if depth == 0 and token.text in (",", ")"):
                    return token.text == ","
                if depth == 0 and token.text == "..":
                    return False
                depth += (token.text in "([{") - (token.text in ")]}")
            token = self.lexer.token(token.end)
        return False

    def not_of_tests(self) -> bool:
        """Say whether ``not( … )`` here takes in the whole cell."""
        token, depth = self.lexer.token(self.token.end), 0
        while token.sort is not LexemeKind.END:
            if token.sort is LexemeKind.SYMBOL:
                depth += (token.text in "([{") - (token.text in ")]}")
                if depth == 0:
                    return self.lexer.token(token.end).sort is LexemeKind.END and token.text == ")"
            elif depth == 0:
                return False
            token = self.lexer.token(token.end)
        return False
