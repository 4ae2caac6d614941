"""The script engine handed to SpiffWorkflow: FEEL, compiled once per definition, evaluated in an Environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.domain.calendar import Window
from service.domain.feel import Expression, FunctionSet, compile_expression
from service.domain.text import Text
from service.engine.environment import Environment
from service.engine.errors import step_failed
from service.engine.model import ThrownMessage
from service.engine.values import json_value, show_value


class ExpressionCache:
    """Compiled expressions by their text; shared by all instances of a definition."""

    def __init__(self, functions: FunctionSet) -> None:
        self._functions = functions
        self._compiled: dict[str, Expression] = {}

    def get(self, text: str) -> Expression:
        """Return the compiled expression; raises FeelSyntaxError."""
        expression = self._compiled.get(text)
        if expression is None:
            expression = self._compiled[text] = compile_expression(text, functions=self._functions)
        return expression


class Layered(Mapping[str, object]):
    """Names laid over others without copying either."""

    __slots__ = ("_below", "_top")

    def __init__(self, top: Mapping[str, object], below: Mapping[str, object]) -> None:
        self._top, self._below = top, below

    def __getitem__(self, name: str) -> object:
        return self._top[name] if name in self._top else self._below[name]

    def __contains__(self, name: object) -> bool:
        return name in self._top or name in self._below

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._below), **dict.fromkeys(self._top)})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, name: str, otherwise: object = None) -> object:
        """Return the value of ``name``, without raising on the way."""
        return self._top[name] if name in self._top else self._below.get(name, otherwise)


class Scripts:
    """Evaluates for one instance; the library calls ``evaluate``, our own parts call the rest.

    ``outbox`` collects the messages thrown while the engine steps run. ``windows`` keeps, by task id, why a timer that
    was computed in this step is due when it is.
    """

    def __init__(self, cache: ExpressionCache, env: Environment) -> None:
        self.env = env
        self.outbox: list[ThrownMessage] = []
        self.windows: dict[str, Window] = {}
        self._cache = cache

    @property
    def environment(self) -> _BareEnvironment:
        """What the library asks instead of ``evaluate`` in places; not kept, since the two would hold each other."""
        return _BareEnvironment(self)

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, object] | None = None) -> object:
        """Return the value of an expression on a task's data (the library's signature).

        Raises StepFailed where something without a value decided it.
        """
        data = {**task.data, **(external_context or {})}
        if names := self.undecided(expression, data):
            reason = Text(
                f"公式“{expression}”取决于“{'、'.join(names)}”，没有值",
                f"the formula “{expression}” depends on “{', '.join(names)}”, which is not known",
            )
            raise step_failed(task.task_spec.bpmn_id, reason)
        return self.value(expression, data)

    def execute(self, task: Any, *_script: object) -> bool:
        """Refuse a script: packages contain no Python."""
        raise step_failed(task.task_spec.bpmn_id, Text("流程图中不允许使用脚本", "a diagram may not contain scripts"))

    def value(self, text: str | Expression, data: Mapping[str, object]) -> object:
        """Return the value of ``text`` on ``data``; frozen variables win."""
        expression = self._cache.get(text) if isinstance(text, str) else text
        return expression.evaluate(Layered(self.env.variables, data), self.env)

    def undecided(self, text: str, data: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names without a value that decided the expression ``text`` on ``data``."""
        return self._cache.get(text).undecided(Layered(self.env.variables, data), self.env)

    def missing(self, text: str, data: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names without a value that make the expression ``text`` null on ``data``."""
        return self._cache.get(text).missing(Layered(self.env.variables, data), self.env)

    def decide(self, task: Any, text: str, data: Mapping[str, object] | None = None) -> bool:
        """Say whether a condition holds on a task's data, or on ``data``.

        Null, and what was decided without a value, is no where the element says that what is unknown takes the default.
        Raises StepFailed, with what was unknown, where it does not, and for anything that is no truth value.
        """
        expression, scope = self._cache.get(text), Layered(self.env.variables, task.data if data is None else data)
        value = expression.evaluate(scope, self.env)
        if isinstance(value, bool) and not expression.undecided(scope, self.env):
            return value
        properties = getattr(task.task_spec, "extensions", {}).get("properties", {})
        if (value is None or isinstance(value, bool)) and properties.get(UNKNOWN) == UNKNOWN_IS_DEFAULT:
            return False
        raise step_failed(task.task_spec.bpmn_id, explain_undecided(expression, value, scope, self.env))


def explain_undecided(condition: Expression, value: object, scope: Mapping[str, object], env: Environment) -> Text:
    """Return why ``condition``, which gave ``value``, is neither true nor false for certain, without a full stop."""
    text = condition.text
    if value is not None and not isinstance(value, bool):
        value_text = show_value(value)
        return Text(
            f"条件“{text}”得到“{value_text}”，不是“是”或“否”",
            f"the condition “{text}” gives “{value_text}”, which is neither true nor false",
        )
    unknown = condition.undecided(scope, env) or condition.explain(scope, env).unknown
    names = "、".join(unknown)
    if not names:
        return Text(
            f"条件“{text}”得不出“是”或“否”：比较的两边种类不同，或者公式有误",
            f"the condition “{text}” is neither true nor false: it compares different kinds of values, or is wrong",
        )
    return Text(
        f"条件“{text}”得不出“是”或“否”，因为“{names}”没有值",
        f"the condition “{text}” is neither true nor false because “{', '.join(unknown)}” is not known",
    )


class _BareEnvironment:
    """The second door by which the library evaluates: correlation properties, on a message's payload."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def evaluate(self, expression: str, context: Mapping[str, object], external: object = None) -> object:  # noqa: ARG002
        """Return the value in the form in which a running instance is saved and compared."""
        return json_value(self._scripts.value(expression, context))
