"""Settings: the parameters a city may change, and their valid values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from service.catalog.package import Package
from service.catalog.parameters.entry_shapes import has_entries, read_rows, typed_rows, why_of_another_shape
from service.catalog.parameters.month_days import why_no_month_day
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import (
    SHARE_WANTED,
    beyond_bound,
    fits_unit,
    is_attendance,
    is_number,
    is_number_for_share,
    plain_signs,
)
from service.catalog.parameters.vacuous import is_unset, why_stated_unset, why_vacuous
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.periods import beyond_whole_period
from service.catalog.settings.scoring_settings import edition_parameters, editions_in, why_beyond_marks, why_no_edition
from service.catalog.source.freeze import freeze
from service.catalog.source.yaml import YamlMistake, parse_yaml, to_plain_value
from service.domain.ballots.rules import read_quorum
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import exact_number, typed_number


def reader_of(parameter: Parameter) -> Callable[[str], Any]:
    """Return what reads a typed value of ``parameter``: it raises ValueError or YamlMistake for none."""
    if is_attendance(parameter) and parameter.unit is Unit.FRACTION:
        return _attendance
    is_vote = is_attendance(parameter) or (parameter.key or parameter.id) == "vote_threshold"
    return plain_signs if is_vote and parameter.unit is Unit.TEXT else _READERS.get(parameter.unit, read_number)


def read_number(text: str) -> int | float:
    """Read a number, commas between its thousands or not; raises ValueError."""
    found = typed_number(text)
    return int(found) if found == found.to_integral_value() else float(found)


def _boolean(text: str) -> bool:
    return (
        {"true": True, "false": False, "是": True, "否": False}[text]
        if text in ("true", "false", "是", "否")
        else _bad()
    )


def _fraction(text: str) -> str | int | float:
    if "/" not in text:
        return read_number(text)
    exact_number(text)
    return text


def _attendance(text: str) -> str | int | float:
    """Read how many members must take part: a share, more than one (> 1/2), all, or so many of them."""
    said = plain_signs(text)
    if not said.startswith((">", "≥", "all")):
        return _fraction(said)
    try:
        read_quorum(said)
    except Invalid:
        raise ValueError(text) from None
    return said


def _table(text: str) -> Any:
    found = to_plain_value(parse_yaml(text.encode(), "table"))
    return found if isinstance(found, dict | list) else _bad()


def _bad() -> Any:
    raise ValueError


_READERS: Mapping[Unit, Callable[[str], Any]] = {
    Unit.BOOLEAN: _boolean,
    Unit.DATE: date.fromisoformat,
    Unit.TEXT: str,
    Unit.CHOICE: str,
    Unit.FRACTION: _fraction,
    Unit.LIST: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    Unit.TABLE: _table,
}


_NONE = ("", "none", "null", "不设", "无")
_ENTRIES = Text("每行一项，例如 {tier: gold, places: 3}", "one entry a line such as {tier: gold, places: 3}")
_KINDS: Mapping[Unit, Text] = {
    Unit.BOOLEAN: Text("是或者否", "yes or no"),
    Unit.DATE: Text("日期，例如 2026-03-01", "a day such as 2026-03-01"),
    Unit.TEXT: Text("文字", "a text"),
    Unit.FRACTION: Text("数或者分数，例如 2/3", "a number or a fraction such as 2/3"),
    Unit.LIST: Text("列表，每行一项", "a list, one item a line"),
    Unit.TABLE: Text("表，每行写“名称: 值”", "a table, “name: value” on each line"),
}


def is_changeable(parameter: Parameter) -> bool:
    """Tell whether the city may set another value: the text is silent, or it only draws a line.

    A value that the text states and whose bounds leave no room changes with the text alone.
    """
    if parameter.minimum is None and parameter.maximum is None:
        return parameter.source is Basis.DEFAULT
    return bool(parameter.minimum != parameter.maximum)


def articles_of(package: Package, parameter: Parameter) -> str:
    """Return the articles a parameter rests on, as people cite them; "" for none."""
    return "、".join(dict.fromkeys(package.law.article(clause) for clause in parameter.clauses))


def read_value(parameter: Parameter, typed: str) -> Any:
    """Parse a typed value of ``parameter``; raises Invalid with a sentence, also for another shape than what is stored."""
    text = typed.strip()
    if text in _NONE and parameter.unit is not Unit.LIST:
        return "none" if "none" in (*parameter.choices, *(dated.value for dated in parameter.values)) else None
    if parameter.choices:
        return next((choice for choice in parameter.choices if _format_typed(choice) == text), text)
    entries = has_entries(parameter)
    reader = read_rows if entries else reader_of(parameter)
    try:
        value = _as_stored(parameter, reader(text))
    except (ValueError, YamlMistake):
        kind = _ENTRIES if entries else _KINDS.get(parameter.unit, Text("数字", "a number"))
        raise Invalid(
            Text(
                f"“{parameter.name}”的取值“{text}”读不出来，请填写{kind.zh}。",
                f"“{text}” is no value of “{parameter.name_en}”: enter {kind.en}.",
            )
        ) from None
    if (refusal := why_of_another_shape(parameter, value)) is not None:
        raise Invalid(refusal)
    return value


def typed_value(value: Any) -> str:
    """Return a value as ``read_value`` reads it back."""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_format_typed(item)}" for key, item in value.items())
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return typed_rows(list(value))
    if isinstance(value, list | tuple):
        return "\n".join(_format_typed(item) for item in value)
    return _format_typed(value)


def require_allowed(package: Package, parameter: Parameter, value: Any) -> None:
    """Raise Invalid, with the reason and the article, unless the city may set ``parameter`` to ``value``."""
    refusal = why_refused(package, parameter, value)
    if refusal is not None:
        raise Invalid(refusal)


def why_refused(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why the city may not set ``parameter`` to ``value``, None where it may."""
    if not is_changeable(parameter):
        name, cited = parameter.text, articles_of(package, parameter) or parameter.name
        return Text(
            f"“{name.zh}”由{cited}写明，没有选择余地；须先修订办法、发布新版本。",
            f"“{name.en}” is stated by {cited} and leaves no choice: the regulation has to be amended.",
        )
    return why_unlawful(package, parameter, value)


def why_unlawful(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why ``value`` is none that ``parameter`` can have: of another kind, beyond the law, or emptying a clause."""
    name, value_text = parameter.text, value_words(parameter, freeze(value))
    cited = articles_of(package, parameter) or parameter.name
    if parameter.choices and freeze(value) not in parameter.choices:
        words = [value_words(parameter, choice) for choice in parameter.choices]
        return Text(
            f"“{name.zh}”不能设为“{value_text.zh}”，可选：{'、'.join(w.zh for w in words)}。",
            f"“{name.en}” cannot be “{value_text.en}”; choices: {', '.join(w.en for w in words)}.",
        )
    if is_unset(value):
        settled = parameter.choices or _may_be_unset(parameter)
        return why_stated_unset(parameter, value, cited) or (None if settled else _explain_needed(name))
    return (
        why_of_another_kind(parameter, value)
        or _explain_beyond_bound(parameter, value, cited)
        or _explain_emptied_clause(parameter, value, cited)
        or why_vacuous(package.award.parameters, parameter, value)
        or beyond_whole_period(package, parameter, value)
        or _strange_parts(package, parameter, value)
        or _no_sheet(package, parameter, value)
        or why_beyond_marks(package, parameter, value)
    )


def why_of_another_kind(parameter: Parameter, value: Any) -> Text | None:
    """Return why ``value`` is none that the unit of ``parameter`` counts, None where it is one or unset."""
    if is_unset(value):
        return None
    if fits_unit(parameter.unit, freeze(value)):
        return why_of_another_shape(parameter, value) or why_no_month_day(parameter, value)
    name, kind = parameter.text, _KINDS.get(parameter.unit, Text("整数", "a whole number"))
    return Text(f"“{name.zh}”应填写{kind.zh}。", f"“{name.en}” should be {kind.en}.")


def _explain_needed(name: Text) -> Text:
    return Text(f"“{name.zh}”不能空着，请填写取值。", f"“{name.en}” cannot be left unset: enter a value.")


def _may_be_unset(parameter: Parameter) -> bool:
    return any(is_unset(dated.value) for dated in parameter.values)


def _explain_beyond_bound(parameter: Parameter, value: Any, cited: str) -> Text | None:
    name, words, side = parameter.text, value_words(parameter, value), beyond_bound(parameter, value)
    if not side:
        return None
    bound = value_words(parameter, getattr(parameter, side))
    than = {"minimum": Text("不得少于", "at least"), "maximum": Text("不得多于", "at most")}[side]
    wanted = SHARE_WANTED if is_number_for_share(parameter, value) else Text("", "")
    return Text(
        f"“{name.zh}”不能设为{words.zh}：依{cited}{than.zh}{bound.zh}。{wanted.zh}",
        f"“{name.en}” cannot be {words.en}: by {cited} it is {than.en} {bound.en}. {wanted.en}".rstrip(),
    )


def _explain_emptied_clause(parameter: Parameter, value: Any, cited: str) -> Text | None:
    """Nothing of what a clause grants leaves the clause without effect, unless the parameter allows it: ``minimum: 0``."""
    usual = [dated.value for dated in parameter.values]
    if value != 0 or not is_number(value) or parameter.minimum is not None or not parameter.clauses:
        return None
    if parameter.unit is Unit.FRACTION or not any(is_number(number) and number > 0 for number in usual):
        return None
    name = parameter.text
    return Text(
        f"“{name.zh}”不能设为0：{cited}会因此落空。确实允许为0的，须在参数中写明下限0和依据。",
        f"“{name.en}” cannot be 0: {cited} would have no effect. Where 0 is allowed, the parameter says so by a minimum of 0.",
    )


def _strange_parts(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Lists of bodies name bodies there are; tables keep their keys, and shares that made one whole still do."""
    usual = [dated.value for dated in parameter.values]
    bodies = {body.id for body in package.jurisdiction.bodies}
    if parameter.unit is Unit.LIST and any(usual) and all(set(v) <= bodies for v in usual if v):
        strange = [str(item) for item in value if item not in bodies]
        if strange:
            return Text(
                f"本地没有机构“{strange[0]}”，可用：{'、'.join(sorted(bodies))}。",
                f"There is no body “{strange[0]}” here; there are: {', '.join(sorted(bodies))}.",
            )
    if parameter.unit is Unit.TABLE and usual and isinstance(usual[0], Mapping):
        if not isinstance(value, Mapping) or set(value) != set(usual[0]):
            keys = "、".join(usual[0])
            return Text(f"“{parameter.name}”须恰好写明：{keys}。", f"“{parameter.name_en}” has exactly: {keys}.")
        if _is_whole(usual[0]) and not _is_whole(value):
            return Text(f"“{parameter.name}”各项合计须为1。", f"The parts of “{parameter.name_en}” must add up to 1.")
    return None


def _no_sheet(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """What names scoring editions names those the package has a sheet for."""
    if parameter.id not in edition_parameters(package):
        return None
    return next((wrong for named in editions_in(value) if (wrong := why_no_edition(package, named)) is not None), None)


def _is_whole(parts: Mapping[str, Any]) -> bool:
    numbers = [part for part in parts.values() if isinstance(part, int | float) and not isinstance(part, bool)]
    return len(numbers) == len(parts) and abs(sum(numbers) - 1) < 1e-9


def _format_typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    return "" if value is None else str(value)


def _as_stored(parameter: Parameter, value: Any) -> Any:
    """Return a list of lines as numbers where numbers are stored: days before a time limit, years."""
    stored = [item for dated in parameter.values if isinstance(dated.value, tuple) for item in dated.value]
    if parameter.unit is not Unit.LIST or not stored or not all(map(is_number, stored)):
        return value
    return [read_number(item) if isinstance(item, str) else item for item in value]
