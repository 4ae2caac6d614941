"""The parser of expressions (DMN 1.5, 10.3.1.2), by precedence climbing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from service.domain.feel.lexer import LexemeKind
from service.domain.feel.nodes import (
    Between,
    Call,
    Chain,
    CompareNode,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negation,
    Node,
    Path,
    Test,
    Tests,
)
from service.domain.feel.parse_primary import PrimaryParser
from service.domain.feel.reader import uses_input
from service.domain.feel.types import FeelType
from service.domain.text import Text

_RANKS = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3, "instance": 3}
_RANKS |= {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_MAX_POSTFIX = 20


class Parser(PrimaryParser):
    """One pass over one text."""

    def expression(self, rank: int = 1) -> Node:
        """Read an expression whose operators all bind at least as tightly as ``rank``."""
        self.deeper()
        left = self._parse_operand()
        while True:
            sign = self.token.text if self.token.sort in (LexemeKind.SYMBOL, LexemeKind.KEYWORD) else ""
            sign_rank = _RANKS.get(sign, 0)
            if sign_rank < rank:
                break
            left = self._parse_operation(sign, sign_rank, left)
        self.shallower()
        return left

    def _parse_operation(self, sign: str, rank: int, left: Node) -> Node:
        if rank <= 2:
            return self._parse_logic(sign, rank, left)
        if rank >= 4:
            return self._parse_chain(rank, left)
        if sign in _SIGNS:
            self.advance()
            right = self.expression(4)
            return CompareNode(sign, left, right, span=self.since(left))
        return {"between": self._parse_between, "in": self._parse_in, "instance": self._parse_instance_of}[sign](left)

    def _parse_logic(self, sign: str, rank: int, left: Node) -> Node:
        operands = [left]
        while self.token.sort is LexemeKind.KEYWORD and self.token.text == sign:
            self.advance()
            operands.append(self.expression(rank + 1))
        return Logic(sign == "or", tuple(operands), span=self.since(left))

    def _parse_chain(self, rank: int, left: Node) -> Node:
        rest: list[tuple[str, Node]] = []
        while self.token.sort is LexemeKind.SYMBOL and _RANKS.get(self.token.text) == rank:
            sign = self.advance().text
            rest.append((sign, self.expression(rank + 1)))
        return Chain(left, tuple(rest), span=self.since(left))

    def _parse_between(self, left: Node) -> Node:
        self.advance()
        low = self.expression(4)
        self.keyword("and", Text("“between”要写成“between 下限 and 上限”。", "Write “between low and high”."))
        high = self.expression(4)
        return Between(left, low, high, span=self.since(left))

    def _parse_in(self, left: Node) -> Node:
        self.advance()
        tests = self._in_brackets() if self.at("(") else self._tests_of(self._in_operand())
        return In(left, tests, span=self.since(left))

    def _in_operand(self) -> Node:
        return self.open_range() if self.at_sign() else self.expression(4)

    def _in_brackets(self) -> Tests:
        """Read ``(a, < b)``, ``(a..b)`` or a parenthesised expression that goes on."""
        start = self.token.start
        if self.looks_like_list_of_tests():
            self.advance()
            tests = self.positive_tests()
            self.expect(")")
            return Tests(tuple(tests), span=(start, self.last_end))
        return self._tests_of(self.expression(4))

    def _tests_of(self, node: Node) -> Tests:
        return Tests((Test(node, uses_input(node), span=node.span),), span=node.span)

    def _parse_instance_of(self, left: Node) -> Node:
        self.advance()
        self.keyword("of", Text("“instance”后要写“of”和类型。", "Write “instance of” and a type."))
        kind = self.type()
        return InstanceOf(left, kind, span=self.since(left))

    def _parse_operand(self) -> Node:
        start = self.token.start
        if self.at("-"):
            self.deeper()
            self.advance()
            operand = self._parse_operand()
            self.shallower()
            if isinstance(operand, Literal) and type(operand.value) is Decimal:
                return Literal(-operand.value, span=(start, operand.span[1]))
            return Negation(operand, span=(start, operand.span[1]))
        return self._parse_postfix(self.primary())

    def _parse_postfix(self, node: Node) -> Node:
        steps = 0
        while self.token.sort is LexemeKind.SYMBOL:
            if self.at("."):
                node = self._parse_path(node)
            elif self.at("[") and not self.closes_range():
                node = self._parse_filter(node)
            elif self.at("("):
                node = self._parse_call(node)
            else:
                break
            steps += 1
            if steps > _MAX_POSTFIX:
                raise self.error(
                    Text(
                        "连续的下标或调用过多，请拆成几步。",
                        "Too many filters or calls in a row; split the expression.",
                    )
                )
        return node

    def _parse_path(self, base: Node) -> Node:
        self.advance()
        if self.token.sort not in (LexemeKind.NAME, LexemeKind.KEYWORD):
            raise self.error(Text("“.”后面要写名称。", "A name is expected after “.”."))
        name = self.advance().text
        names = (*base.names, name) if isinstance(base, Path) else (name,)
        return Path(base.base if isinstance(base, Path) else base, names, span=(base.span[0], self.last_end))

    def _parse_filter(self, base: Node) -> Node:
        self.advance()
        self.in_range_end = False
        condition = self.open_range() if self.at_sign() else self.expression()
        self.expect("]")
        return Filter(base, condition, span=(base.span[0], self.last_end))

    def _parse_call(self, function: Node) -> Node:
        self.advance()
        names: list[str] = []
        arguments: list[Node] = []
        while not self.at(")"):
            name = self.argument_name()
            if (name is None) == bool(names) and arguments:
                raise self.error(
                    Text("参数要么全部写名称，要么全部不写。", "Name either all arguments or none of them.")
                )
            if name is not None:
                names.append(name)
            arguments.append(self.expression_or_open_range())
            if not self.accept(","):
                break
        self.expect(")")
        return Call(function, tuple(arguments), tuple(names), span=(function.span[0], self.last_end))

    def unary_tests(self) -> Tests:
        """Read what stands in a decision table cell."""
        start = self.token.start
        if self.at("-") and self.peek().sort is LexemeKind.END:
            self.advance()
            return Tests((), span=(start, self.last_end))
        negated = self.token.sort is LexemeKind.NAME and self.token.text == "not" and self.not_of_tests()
        if negated:
            self.advance()
            self.advance()
        tests = self.positive_tests()
        if negated:
            self.expect(")")
        return Tests(tuple(tests), negated, span=(start, self.last_end))

    def positive_tests(self) -> list[Test]:
        """Read tests separated by commas."""
        tests = []
        while True:
            node = self.expression_or_open_range()
            tests.append(Test(node, uses_input(node), span=node.span))
            if not self.accept(","):
                return tests


def parse_expression(text: str, names: Iterable[str] = ()) -> Node:
    """Read one whole expression; raise FeelSyntaxError where it does not fit the grammar."""
    parser = Parser(text, names)
    return parser.whole(parser.expression_or_open_range)


def parse_unary_tests(text: str, names: Iterable[str] = ()) -> Tests:
    """Read one whole cell of unary tests; raise FeelSyntaxError where it does not fit the grammar."""
    parser = Parser(text, names)
    return parser.whole(parser.unary_tests)


def parse_type(text: str) -> FeelType:
    """Read a type such as ``list<number>``; raise FeelSyntaxError for an unknown one."""
    parser = Parser(text)
    return parser.whole(parser.type)
