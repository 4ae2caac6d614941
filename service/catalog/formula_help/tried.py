"""What a formula comes to on a record, and which part is null and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.feel import compiled
from service.catalog.formula_help.judge import Compiled
from service.catalog.formula_help.trial import Trial
from service.catalog.formula_names.names import FormulaName, by_name
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.feel import Expression, GivenPart, NullCause, NullPart, compile_expression
from service.domain.feel.kind_words import KIND_WORDS
from service.domain.feel.values import kind_of
from service.domain.text import Text

_LONGEST = 300
_SHOW = compile_expression("string([x])")
_CAUSES = {
    NullCause.NOT_THERE: Text("没有值", "has no value"),
    NullCause.WRITTEN: Text("写的就是空值", "is null as it is written"),
    NullCause.NO_RESULT: Text("算不出结果", "gives no result"),
    NullCause.NO_ITEM: Text("没有这一项", "has no such item"),
    NullCause.BY_ZERO: Text("除以了0", "divides by 0"),
    NullCause.OTHER_KIND: Text("不能这样比较或者运算", "cannot be compared or reckoned with"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that is null or not known, and why."""

    part: str
    why: Text


@dataclass(frozen=True, slots=True)
class Tried:
    """The value as FEEL writes it; ``gaps`` are what is missing; ``refused`` says why there is no value at all.

    ``reasons`` say why periods end when they do.
    """

    shown: str
    gaps: tuple[Gap, ...] = ()
    refused: Text | None = None
    reasons: tuple[Text, ...] = ()


def tried(
    found: Compiled,
    values: Mapping[str, Any],
    trial: Trial,
    names: tuple[FormulaName, ...] = (),
    input_text: str = "",
    *,
    in_form: bool = False,
) -> Tried:
    """Evaluate ``found`` on ``values``; the condition of a cell is asked of the value of ``input_text``.

    Forms know the day and nothing else of time (``in_form``). What loops too long, or counts what cannot be counted, is refused in words.
    """
    context: object = local_date(trial.now) if in_form else trial
    try:
        if isinstance(found, Expression):
            explained = found.explain(values, context)
            null = found.null_part(values, context) if explained.value is None else None
        else:
            given = compiled(input_text or "null").explain(values, context)
            explained = found.explain(given.value, values, context, name=input_text or "?")
            null = None
        shown = shown_value(explained.value)
    except LaurelError as refusal:
        return Tried("", refused=refusal.message)
    gaps = tuple(_gaps(explained.unknown, null, names))
    return Tried(shown, gaps, reasons=tuple(window.reason for window in trial.windows))


def shown_value(value: object) -> str:
    """Write a value as FEEL would be read, cut where it is long."""
    text = str(_SHOW.evaluate({"x": value}))[1:-1]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _gaps(unknown: tuple[str, ...], null: NullPart | None, names: tuple[FormulaName, ...]) -> Iterator[Gap]:
    for path in unknown:
        yield Gap(path, Text(f"{_called(path, names)}在样例中没有值", f"{path} has no value in the sample"))
    if null is not None and null.text not in unknown and not (unknown and null.cause is NullCause.WRITTEN):
        said = _CAUSES[null.cause]
        given = [_given(part) for part in null.given]
        zh, en = (
            (f"：{'，'.join(one.zh for one in given)}", f": {', '.join(one.en for one in given)}")
            if given
            else ("", "")
        )
        yield Gap(null.text, Text(f"“{null.text}”{said.zh}{zh}", f"“{null.text}” {said.en}{en}"))


def _given(part: GivenPart) -> Text:
    """Return of what kind a part is, and its value; of a list how many it has."""
    kind = KIND_WORDS[kind_of(part.value)]
    if isinstance(part.value, list):
        empty = sum(one is None for one in part.value)
        zh, en = (f"，其中空值{empty}项", f", {empty} null") if empty else ("", "")
        return Text(f"“{part.text}”共{len(part.value)}项{zh}", f"“{part.text}” has {len(part.value)} in its list{en}")
    if part.literal:
        return Text(f"{part.text}是{kind.zh}", f"{part.text} is a {kind.en}")
    shown = shown_value(part.value)
    return Text(f"“{part.text}”是{kind.zh}{shown}", f"“{part.text}” is the {kind.en} {shown}")


def _called(path: str, names: tuple[FormulaName, ...]) -> str:
    """Return a path with the label of what it names: “是否出口企业”（application.organisation.exporter）."""
    label, inside = "", by_name(names)
    for part in path.split("."):
        name = inside.get(part.partition("[")[0])
        if name is None:
            return f"“{path}”"
        label, inside = name.label.zh, by_name(name.entries)
    return f"“{label}”（{path}）" if label else f"“{path}”"
