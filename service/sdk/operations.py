"""Registration of operations: what service tasks may call, with typed parameters."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from service.domain.errors import Invalid
from service.domain.text import Text

if typing.TYPE_CHECKING:
    from service.sdk.work import Work

Parameters = TypeVar("Parameters")


@dataclass(frozen=True, slots=True)
class OperationParameter:
    """One parameter of an operation as described to designers.

    ``type`` is a FEEL type: string, number, boolean, date, date and time, list, context or any. ``facts`` are names of
    facts the operation records, with ``{}`` for the text given, or for each key of the context given. ``default`` is
    what holds when it is not given, as FEEL; empty where that is nothing. The text of a ``formula``, or each text in it,
    is FEEL itself.
    """

    name: str
    type: str
    required: bool
    help: str
    facts: tuple[str, ...] = ()
    default: str = ""
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its parameters, its result and the function that carries it out.

    ``result`` maps the keys of the result to FEEL types; empty when there is none. ``options`` are the only texts that a key
    of it may be. ``undo`` takes back what it recorded:
    a case goes back over an operation that has one, and over no other. ``opens`` is the key of the result that numbers what
    it opened, which is over where the case will never come to its end: a ballot nobody will count.
    """

    id: str
    version: int
    title: Text
    parameters: tuple[OperationParameter, ...]
    result: Mapping[str, str]
    form: type[Any]
    call: Callable[[Work, Any], Mapping[str, Any] | None]
    undo: Callable[[Work, Any], None] | None = None
    opens: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def run(self, work: Work, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Carry the operation out with ``values`` (parameter name → FEEL value); returns its JSON result.

        A parameter that is null counts as not given, where it need not be given; that it may be null was asked before.
        """
        return self.call(work, self._fill_form(values))

    def take_back(self, work: Work, values: Mapping[str, Any]) -> None:
        """Take back what it recorded with ``values``; nothing where it only computed."""
        if self.undo is not None:
            self.undo(work, self._fill_form(values))

    def _fill_form(self, values: Mapping[str, Any]) -> Any:
        needed = {p.name for p in self.parameters if p.required}
        for parameter in self.parameters:
            _require_kind(parameter, values.get(parameter.name))
        return self.form(**{name: value for name, value in values.items() if value is not None or name in needed})


_REGISTRY: dict[str, Operation] = {}
_FEEL_TYPES = {str: "string", int: "number", float: "number", bool: "boolean", list: "list", dict: "context"}


def operation(
    ident: str,
    title: Text,
    *,
    version: int = 1,
    result: Mapping[str, str] | None = None,
    undo: Callable[[Work, Any], None] | None = None,
    opens: str = "",
    options: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Callable[[Work, Parameters], Mapping[str, Any] | None]], Callable[[Work, Parameters], Any]]:
    """Register the decorated ``function(work, parameters)`` as operation ``ident``.

    The second argument's dataclass declares the parameters; the ``help`` of each, and whether it is a ``formula``, stand
    in its field's metadata (``field(metadata={"formula": True, "help": …})``). ``undo`` is given where a case may go back over it, so that it is
    done again: ``only_computes`` for what records nothing that would be counted twice. ``opens``, ``options``: see `Operation`.
    Raises ValueError when the id is taken.
    """

    def register_handler(
        function: Callable[[Work, Parameters], Mapping[str, Any] | None],
    ) -> Callable[[Work, Parameters], Any]:
        if ident in _REGISTRY:
            raise ValueError(f"operation {ident} is registered twice")
        form = _parameters_of(function)
        described = tuple(_describe_parameters(form))
        _REGISTRY[ident] = Operation(
            ident, version, title, described, dict(result or {}), form, function, undo, opens, dict(options or {})
        )
        return function

    return register_handler


def only_computes(work: Work, parameters: object) -> None:
    """Take nothing back: what is done again takes the place of what was found."""


def operations() -> Mapping[str, Operation]:
    """Return every registered operation by id."""
    return types.MappingProxyType(_REGISTRY)


_IS_KIND: Mapping[str, Callable[[Any], bool]] = {
    "number": lambda value: (
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) and value == int(value)
    ),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list | tuple),
    "context": lambda value: isinstance(value, Mapping),
    "string": lambda value: not isinstance(value, list | tuple | Mapping | bool),
}


def _require_kind(parameter: OperationParameter, value: object) -> None:
    """Raise Invalid where what a parameter is given is not of its kind; numbers are whole."""
    if value is None or parameter.type not in _IS_KIND or _IS_KIND[parameter.type](value):
        return
    wanted = _KIND_WORDS[parameter.type]
    raise Invalid(
        Text(
            f"参数“{parameter.name}”得到“{value}”，应为{wanted.zh}，请改正公式。",
            f"“{parameter.name}” is given “{value}”, which is not {wanted.en}: correct its formula.",
        )
    )


_KIND_WORDS = {
    "number": Text("整数", "a whole number"),
    "boolean": Text("是或否", "true or false"),
    "list": Text("列表", "a list"),
    "context": Text("若干项（{名称: 值}）", "a context"),
    "string": Text("文字", "a text"),
}


def _parameters_of(function: Callable[..., Any]) -> type[Any]:
    name = list(inspect.signature(function).parameters)[1]
    form: type[Any] = typing.get_type_hints(function, localns={"Work": object})[name]
    return form


def _describe_parameters(form: type[Any]) -> Iterator[OperationParameter]:
    hints = typing.get_type_hints(form)
    for entry in dataclasses.fields(form):
        required = entry.default is dataclasses.MISSING and entry.default_factory is dataclasses.MISSING
        metadata = entry.metadata
        yield OperationParameter(
            entry.name,
            _feel_type(hints[entry.name]),
            required,
            metadata.get("help", ""),
            metadata.get("facts", ()),
            _as_feel(entry.default),
            metadata.get("formula", False),
        )


def _as_feel(default: object) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, int | float):
        return str(default)
    return f'"{default}"' if isinstance(default, str) and default else ""


def _feel_type(hint: Any) -> str:
    options = [t for t in typing.get_args(hint) if t is not type(None)]
    if isinstance(hint, types.UnionType) and len(options) == 1:
        hint = options[0]
    base = typing.get_origin(hint) or hint
    if getattr(base, "__name__", "") in ("date", "datetime"):
        return "date" if base.__name__ == "date" else "date and time"
    return _FEEL_TYPES.get(base, "any")
