"""Parameters: values in order, of the right kind, within what the law allows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from service.catalog.parameters.month_days import why_no_month_day
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import SHARE_WANTED, beyond_bound, fits_unit, is_number_for_share, size_of
from service.catalog.parameters.vacuous import REMEDY, why_stated_unset, why_vacuous
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.registry import Extent, check
from service.catalog.settings.periods import ends_beyond_whole
from service.domain.text import Text


def _iterate_parameters(checked: Checked) -> Iterator[tuple[str, str, Parameter]]:
    for ident, parameter in checked.package.award.parameters.items():
        yield checked.package.parameters_file, f"parameters.{ident}", parameter


@check(Extent.PIECES, "values_unordered")
def values_in_order(checked: Checked) -> Iterator[Problem]:
    """Dated values follow each other."""
    for file, place, parameter in _iterate_parameters(checked):
        if any(later.since <= earlier.since for earlier, later in pairwise(parameter.values)):
            yield build_error_problem(
                file, f"{place}.values", "values_unordered",
                f"“{parameter.name}”各取值的起始日期没有依次递增。", f"The days of “{parameter.name}” do not follow each other.",
                Text("按日期先后排列，同一天只留一个。", "Order them by day, one for each day."),
            )  # fmt: skip


@check(Extent.PIECES, "value_unit")
def values_fit_unit(checked: Checked) -> Iterator[Problem]:
    """A value is of the kind its unit says; null means “none”."""
    for file, place, parameter in _iterate_parameters(checked):
        for dated in parameter.values:
            if dated.value is not None and dated.value != "none" and not fits_unit(parameter.unit, dated.value):
                yield build_error_problem(
                    file, f"{place}.values", "value_unit",
                    f"“{parameter.name}”的取值“{dated.value}”与单位 {parameter.unit} 不符。",
                    f"Value “{dated.value}” of “{parameter.name}” does not fit unit {parameter.unit}.",
                    Text("改正取值或单位。", "Correct the value or the unit."),
                )  # fmt: skip
            elif dated.value is not None and (why := why_no_month_day(parameter, dated.value)) is not None:
                remedy = Text("改正取值，不用 02-29。", "Correct the value; 02-29 will not do.")
                yield build_error_problem(file, f"{place}.values", "value_unit", why.zh, why.en, remedy)


@check(Extent.PIECES, "beyond_law")
def values_within_law(checked: Checked) -> Iterator[Problem]:
    """A value, or the number of items of a list, keeps to the legal minimum and maximum."""
    for file, place, parameter in _iterate_parameters(checked):
        for dated in parameter.judged:
            value = size_of(dated.value)
            side = beyond_bound(parameter, dated.value)
            if side == "minimum":
                yield _out_of_bounds(file, place, parameter, value, "低于", "below", parameter.minimum)
            if side == "maximum":
                yield _out_of_bounds(file, place, parameter, value, "高于", "above", parameter.maximum)
        if (late := ends_beyond_whole(checked.package, parameter)) is not None:
            remedy = Text("缩短这一环节的期限。", "Shorten the time of this phase.")
            yield build_error_problem(file, f"{place}.values", "beyond_law", late.zh, late.en, remedy)


@check(Extent.PIECES, "stated_unset")
def stated_values_set(checked: Checked) -> Iterator[Problem]:
    """What the text states has a value: without one, what the clause asks for would not be done."""
    for file, place, parameter in _iterate_parameters(checked):
        cited = "、".join(parameter.clauses) or parameter.id
        whys = (why_stated_unset(parameter, dated.value, cited) for dated in parameter.judged)
        if (why := next(filter(None, whys), None)) is not None:
            yield Problem(file, f"{place}.values", "stated_unset", why, REMEDY)


def _out_of_bounds(file: str, place: str, p: Parameter, value: Any, zh: str, en: str, bound: Any) -> Problem:
    cited = "、".join(p.clauses) or p.id
    kind = Text("法定界限", "legal bound") if p.source is Basis.STATED else Text("取值界限", "bound")
    remedy = Text(f"改为不{zh} {bound} 的数值。", f"Use a value that is not {en} {bound}.")
    return build_error_problem(
        file, f"{place}.values", "beyond_law",
        f"“{p.name}”设为 {value}，{zh}{kind.zh} {bound}（{cited}）。",
        f"“{p.name}” is {value}, {en} the {kind.en} {bound} ({cited}).",
        SHARE_WANTED if is_number_for_share(p, value) else remedy,
    )  # fmt: skip


@check(Extent.PIECES, "clause_never_happens")
def values_let_clauses_happen(checked: Checked) -> Iterator[Problem]:
    """No value keeps a clause from ever happening: bounds that cross, a vote nobody can win, a period beyond its frame."""
    parameters = checked.package.award.parameters
    for file, place, parameter in _iterate_parameters(checked):
        value = parameter.values[-1].value if parameter.values else None
        reason = why_vacuous(parameters, parameter, value)
        if reason is not None and not beyond_bound(parameter, value):
            yield Problem(
                file, f"{place}.values", "clause_never_happens", reason,
                Text("核对条文，改正取值或界限。", "Compare the text of the law, then correct the value or the bound."),
            )  # fmt: skip


@check(Extent.PIECES, "no_choices", "not_a_choice")
def values_among_choices(checked: Checked) -> Iterator[Problem]:
    """A choice is one of the choices, and there are choices to choose from."""
    for file, place, parameter in _iterate_parameters(checked):
        if parameter.unit is Unit.CHOICE and not parameter.choices:
            yield build_warning_problem(
                file, f"{place}.choices", "no_choices",
                f"“{parameter.name}”没有列出可选值。", f"“{parameter.name}” lists no choices.",
                Text("填写“可选值”（choices）。", "Enter the choices (choices)."),
            )  # fmt: skip
        for dated in parameter.values:
            if parameter.choices and dated.value not in parameter.choices:
                listed = "、".join(str(choice) for choice in parameter.choices)
                yield build_error_problem(
                    file, f"{place}.values", "not_a_choice",
                    f"“{parameter.name}”的取值“{dated.value}”不在可选值中。",
                    f"Value “{dated.value}” of “{parameter.name}” is not among the choices.",
                    Text(f"可选：{listed}。", f"Choices: {listed}."),
                )  # fmt: skip


@check(Extent.PIECES, "basis_missing", "question_missing")
def check_parameter_basis(checked: Checked) -> Iterator[Problem]:
    """What the text states cites it; what it leaves open says the question."""
    for file, place, parameter in _iterate_parameters(checked):
        if parameter.source is Basis.STATED and not parameter.clauses:
            yield build_error_problem(
                file, f"{place}.clauses", "basis_missing",
                f"“{parameter.name}”称条文有规定，却没有引用条款。", f"“{parameter.name}” is said to be stated but cites no clause.",
                Text(
                    "选择“依据的条款”（clauses），或者写明是“条文没有写明，本地选定”（source: default）。",
                    "Choose the clauses (clauses), or say that the place chose the value (source: default).",
                ),
            )  # fmt: skip
        if parameter.source is Basis.DEFAULT and not parameter.question:
            yield build_warning_problem(
                file, f"{place}.question", "question_missing",
                f"“{parameter.name}”是缺省值，但没有写明条文留下的问题。",
                f"“{parameter.name}” is a default but does not say what the text leaves open.",
                Text("填写“条文留下的问题”（question）。", "Enter what the text leaves open (question)."),
            )  # fmt: skip
