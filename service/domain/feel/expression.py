"""Compiled expressions and unary tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from service.domain.feel.builtins import BUILTINS
from service.domain.feel.compiler import Compiler
from service.domain.feel.errors import FeelSyntaxError, too_deep
from service.domain.feel.explain import Explainer, Explanation
from service.domain.feel.free import LateReads, Reads
from service.domain.feel.functions import FunctionSet
from service.domain.feel.inference import Inferred, TypeScope, infer_expression, infer_tests
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import Literal, Node, Tests
from service.domain.feel.parser import parse_expression, parse_unary_tests
from service.domain.feel.scope import Code, Scope, TestCode
from service.domain.feel.static_types import UNKNOWN, StaticType
from service.domain.feel.values import Value, to_feel_value
from service.domain.feel.watch import WatchedFunctions, wrap_with_watch
from service.domain.text import Text

T = TypeVar("T")
Parsed = TypeVar("Parsed")
Run = TypeVar("Run")


@dataclass(frozen=True, slots=True)
class CompiledFeel(Generic[Parsed, Run]):
    """Compiled FEEL: its text, what it was parsed into, and what runs; it has no state and may be shared between threads."""

    text: str
    node: Parsed = field(repr=False)
    explainer: Explainer = field(repr=False, compare=False)
    code: Run = field(repr=False)
    reader: LateReads = field(repr=False, compare=False)

    @property
    def reads(self) -> Reads:
        """What it refers to outside itself; computed on first use; running it does not need this."""
        return self.reader.reads()

    @property
    def names(self) -> frozenset[str]:
        """The variables it reads, a tested value aside: the first parts of its paths."""
        return self.reads.names

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """The dotted paths it reads."""
        return self.reads.paths

    @property
    def functions(self) -> frozenset[str]:
        """The functions it calls by name, defined or not."""
        return self.reads.functions


@dataclass(frozen=True, slots=True)
class Expression(CompiledFeel[Node, Code]):
    """A compiled FEEL expression."""

    def evaluate(self, scope: Mapping[str, object], context: object = None) -> Value:
        """Return the value in ``scope``; whatever cannot be computed is None.

        ``context`` is handed to extra functions. Raises FeelLimitExceeded when the budget is used up, and the
        LaurelError of an extra function that refuses.
        """
        return _guard_recursion(lambda: self.code(Scope(scope, None, Meter(context))))

    def explain(self, scope: Mapping[str, object], context: object = None) -> Explanation:
        """Return the value together with what was unknown and what decided; raises like ``evaluate``."""
        if isinstance(self.node, Literal):  # as most cells of a table are: nothing can be unknown
            return self.explainer.literal(self.node)
        return _guard_recursion(lambda: self.explainer.expression(self.node, scope, Meter(context)))

    def undecided(self, scope: Mapping[str, object], context: object = None) -> tuple[str, ...]:
        """Return the names that had no value and decided nevertheless: compared, counted, in the condition of an if.

        What the formula compares with null itself, or with true, is meant so. Raises like ``evaluate``.
        """
        return _guard_recursion(lambda: self.explainer.tracer(self.node).undecided(scope, Meter(context)))

    def missing(self, scope: Mapping[str, object], context: object = None) -> tuple[str, ...]:
        """Return the names without a value that make it null, those of which it speaks itself aside; raises like ``evaluate``."""
        return _guard_recursion(lambda: self.explainer.tracer(self.node).missing(scope, Meter(context)))

    @property
    def problems(self) -> tuple[Text, ...]:
        """What makes parts of it null whatever the data: unknown functions, wrong arguments, kinds that do not go together."""
        faults = self.infer({}).faults
        return (*self.reads.problems, *(fault.message for fault in faults if not fault.code.startswith("threshold_")))

    def infer(self, scope: TypeScope) -> Inferred:
        """Return the type of the value where names have the types of ``scope``, and what cannot be meant in it."""
        return infer_expression(self.text, self.node, self.reader.functions, scope)


@dataclass(frozen=True, slots=True)
class UnaryTests(CompiledFeel[Tests, TestCode]):
    """Compiled unary tests, as they stand in a cell of a decision table."""

    @property
    def matches_everything(self) -> bool:
        """Say whether this is ``-``."""
        return not self.node.tests

    def matches(self, value: Value, scope: Mapping[str, object], context: object = None) -> bool | None:
        """Say whether ``value`` passes, by the standard: None if it cannot be compared.

        Null equals only null, so null against ``"a"`` is False; ``explain`` tells that apart from a known mismatch.
        """
        return _guard_recursion(lambda: self.code(to_feel_value(value), Scope(scope, None, Meter(context))))

    def explain(
        self, value: Value, scope: Mapping[str, object], context: object = None, *, name: str = "?"
    ) -> Explanation:
        """Like ``matches``; a null ``value``, called ``name``, is unknown unless a test asks for null."""
        return _guard_recursion(
            lambda: self.explainer.tests(self.node, to_feel_value(value), name, scope, Meter(context))
        )

    def undecided(self, value: Value, scope: Mapping[str, object], context: object = None) -> tuple[str, ...]:
        """Return the names without a value that decided whether ``value`` passes, or left it open; raises like ``evaluate``."""
        return _guard_recursion(
            lambda: self.explainer.tracer(self.node).undecided_test(to_feel_value(value), scope, Meter(context))
        )

    @property
    def problems(self) -> tuple[Text, ...]:
        """What makes parts of it null whatever the data."""
        return (*self.reads.problems, *(fault.message for fault in self.infer(UNKNOWN, {}).faults))

    def infer(self, value: StaticType, scope: TypeScope, *, name: str = "?") -> Inferred:
        """Return what cannot be meant in the tests of a ``value``, called ``name``, of that type."""
        return infer_tests(self.text, self.node, self.reader.functions, scope, value, name)


def _guard_recursion(run: Callable[[], T]) -> T:
    try:
        return run()
    except RecursionError:
        raise too_deep() from None


def compile_expression(text: str, *, functions: FunctionSet = BUILTINS, names: Iterable[str] = ()) -> Expression:
    """Parse and compile ``text``.

    ``names`` are declared variables and fields; only those with signs in them (``Date-Time``) need to be given.
    Raises FeelSyntaxError.
    """
    node = parse_expression(text, functions.names | frozenset(names) if names else functions.names)
    return expression_of(text, node, functions)


def expression_of(text: str, node: Node, functions: FunctionSet) -> Expression:
    """Compile a parsed expression."""
    code, explainer = _guard_compilation(text, lambda: Compiler(functions).code(node)), Explainer(text, functions)
    if isinstance(functions, WatchedFunctions):
        code = wrap_with_watch(text, node, code, explainer, functions)
    return Expression(text, node, explainer, code, LateReads(node, functions))


def compile_unary_tests(text: str, *, functions: FunctionSet = BUILTINS, names: Iterable[str] = ()) -> UnaryTests:
    """Parse and compile the ``text`` of a cell; an empty one is ``-``. Raises FeelSyntaxError."""
    text = text if text.strip() else "-"
    node = parse_unary_tests(text, functions.names | frozenset(names) if names else functions.names)
    code = _guard_compilation(text, lambda: Compiler(functions).tests(node))
    return UnaryTests(text, node, Explainer(text, functions), code, LateReads(node, functions))


def _guard_compilation(text: str, compile_: Callable[[], T]) -> T:
    try:
        return compile_()
    except RecursionError:
        problem = Text("嵌套过深，请拆成几个表达式。", "The expression is nested too deeply; split it into several.")
        raise FeelSyntaxError(text, 0, problem) from None
