"""Rankings by scores: thresholds are on the scale of the scores, and shares are shares of the full marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from service.catalog.bpmn.model import OperationCall
from service.catalog.feel import FUNCTIONS, compiled, find_constant_value
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_number
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.facts import entries_of_context
from service.catalog.rules.panels import list_values
from service.catalog.rules.registry import Extent, check
from service.catalog.settings.scoring_settings import FULL_MARKS, OPENING, why_no_edition
from service.domain.feel import FeelSyntaxError, nodes
from service.domain.feel.free import reads_of
from service.domain.text import Text

_RANK = "scores.rank"
_IN_WORDS = re.compile(r'string\(\s*(?P<share>[\w.]+)\s*\*\s*100\s*\)\s*\+\s*"%"')


@check(Extent.PROCESS, "share_in_words")
def share_is_exact(checked: Checked) -> Iterator[Problem]:
    """A share of the full marks is handed over as such: written out as percent, 2/3 would be cut short."""
    for diagram, element in checked.elements():
        call = element.operation
        cut_off = call.parameters.get("cut_off", "") if call is not None and call.operation == _RANK else ""
        match = _IN_WORDS.fullmatch(cut_off.strip())
        if match is not None:
            yield build_warning_problem(
                diagram.file, element.id, "share_in_words", "分数线写成了百分数的文字，除不尽的比例（例如三分之二）会算不准。",
                "The cut-off is written out as percent: a share such as two thirds comes out inexact.",
                Text(f"改成 {{share: {match['share']}}}。", f"Write {{share: {match['share']}}}."),
                word=f"{{share: {match['share']}}}",
            )  # fmt: skip


SHARES_OF = (FULL_MARKS, "applications", "accepted", "candidates", "winners", "members", "votes", "prize")
"""What a fraction may be a share of."""
_THRESHOLDS = ("cut_off", "floors")
_FEW = 100
"""Full marks up to which a number may be a percentage."""


@check(Extent.PIECES, "scale_word")
def check_setting_scales(checked: Checked) -> Iterator[Problem]:
    """A setting says its scale: of points the full marks, of a fraction what it is a share of."""
    for ident, parameter in checked.package.award.parameters.items():
        if parameter.of is None or _is_scale(parameter):
            continue
        words = "、".join(SHARES_OF)
        yield build_error_problem(
            checked.package.parameters_file, f"parameters.{ident}.of", "scale_word",
            f"“{parameter.name}”的 of 不能是“{parameter.of}”。", f"of “{parameter.name_en}” cannot be “{parameter.of}”.",
            Text(f"单位是 points 的写满分，例如 1000；是 fraction 的写它占什么：{words}。",
                 f"Of points write the full marks, such as 1000; of a fraction what it is a share of: {', '.join(SHARES_OF)}."),
        )  # fmt: skip


@check(Extent.PIECES, "threshold_never")
def points_within_scale(checked: Checked) -> Iterator[Problem]:
    """So many points as a setting asks for can be reached on the scale that it names."""
    for ident, parameter in checked.package.award.parameters.items():
        if parameter.unit is Unit.POINTS and _is_scale(parameter):
            most = max((dated.value for dated in parameter.judged if is_number(dated.value)), default=0)
            if most > parameter.of:
                yield build_error_problem(
                    checked.package.parameters_file, f"parameters.{ident}.values", "threshold_never",
                    f"“{parameter.name}”的 {most} 分超过它的满分 {parameter.of}，没有人能达到。",
                    f"The {most} points of “{parameter.name_en}” are beyond their full marks, {parameter.of}: nobody can meet them.",
                    Text("改正分数，或者改正 of。", "Correct the points, or of."),
                )  # fmt: skip


def _is_scale(parameter: Parameter) -> bool:
    if parameter.unit is Unit.FRACTION:
        return parameter.of in SHARES_OF
    return parameter.unit is Unit.POINTS and is_number(parameter.of) and parameter.of > 0


@check(Extent.PACKAGE, "scale_unsaid", "scale_differs", "threshold_never", "threshold_small")
def thresholds_on_scale(checked: Checked) -> Iterator[Problem]:
    """A threshold is on the scale of the scores it is compared with, can be met, and is a share of the full marks or no share."""
    stages = checked.for_now("marks of stages", lambda: _map_full_marks(checked))
    for diagram, element in checked.elements():
        call = element.operation
        if call is None or call.operation != _RANK:
            continue
        weights = entries_of_context(call.parameters.get("weights", ""))
        total = _find_total(call, weights, stages)
        for name in _THRESHOLDS:
            for stage, part in _iterate_thresholds(call.parameters.get(name, "")):
                full = stages.get(stage) if name == "floors" else total
                yield from _check_threshold(checked, diagram.file, element.id, part, full)


def _check_threshold(
    checked: Checked, file: str, place: str, part: nodes.Node, full: Decimal | None
) -> Iterator[Problem]:
    parameters = checked.package.award.parameters
    full_text = None if full is None else f"{full:f}"
    for path in sorted(reads_of(part, FUNCTIONS).paths):
        parameter = parameters.get(path[1]) if len(path) > 1 and path[0] == "param" else None
        if parameter is None or parameter.unit not in (Unit.POINTS, Unit.FRACTION):
            continue
        wanted = FULL_MARKS if parameter.unit is Unit.FRACTION else full
        if parameter.of is None:
            yield build_warning_problem(
                file, place, "scale_unsaid",
                f"“{parameter.name}”是分数线，却没有写它的满分是多少、占什么的比例。",
                f"“{parameter.name_en}” is a threshold but does not say of what scale.",
                Text(f"在 parameters.{parameter.id} 写 of: {FULL_MARKS if parameter.unit is Unit.FRACTION else full_text or 1000}。",
                     f"Write of: {FULL_MARKS if parameter.unit is Unit.FRACTION else full_text or 1000} at parameters.{parameter.id}."),
            )  # fmt: skip
        elif wanted is not None and parameter.of != wanted and _is_scale(parameter):
            yield build_error_problem(
                file, place, "scale_differs",
                f"“{parameter.name}”按“{parameter.of}”计，这里同满分 {full_text or FULL_MARKS} 的得分相比。",
                f"“{parameter.name_en}” is of “{parameter.of}”, but is compared here with scores of {full_text or FULL_MARKS}.",
                Text("换算到同一个满分再比；占别的东西的比例，用来定名额（places），不作分数线。",
                     "Bring both to one scale; a share of anything else is for places, no threshold of points."),
            )  # fmt: skip
    if full is not None and isinstance(part, nodes.Literal) and isinstance(part.value, Decimal):
        yield from _check_number(file, place, part.value, full)


def _check_number(file: str, place: str, number: Decimal, full: Decimal) -> Iterator[Problem]:
    if number > full:
        yield build_error_problem(
            file, place, "threshold_never", f"分数线 {number:f} 超过满分 {full:f}，没有人能达到。",
            f"The threshold {number:f} is beyond the full marks, {full:f}: nobody can meet it.",
            Text(f"写不超过 {full:f} 的分数。", f"Write no more than {full:f}."),
        )  # fmt: skip
    elif 1 < number <= _FEW < full / 2:
        yield build_warning_problem(
            file, place, "threshold_small", f"分数线 {number:f} 像是百分制的，得分的满分是 {full:f}。",
            f"The threshold {number:f} looks like one of {_FEW}; the scores are of {full:f}.",
            Text(f"百分制的写 {number * full / _FEW:f}，或者写成参数并注明 of: {full:f}。",
                 f"Write {number * full / _FEW:f}, or a parameter with of: {full:f}."),
        )  # fmt: skip


def _iterate_thresholds(text: str) -> Iterator[tuple[str, nodes.Node]]:
    """Yield the thresholds of a formula: of a context each with its key, but for shares; of any other the branches."""
    try:
        waiting = [("", compiled(text).node)] if text.strip() else []
    except FeelSyntaxError:
        return  # reported as a formula
    while waiting:
        key, node = waiting.pop()
        if isinstance(node, nodes.ContextLiteral):
            waiting += [(key if name == "share" else name, value) for name, value in node.entries]
        elif isinstance(node, nodes.If):
            waiting += [(key, node.then), (key, node.otherwise)]
        else:
            yield key, node


def _map_full_marks(checked: Checked) -> Mapping[str, Decimal]:
    """Return the full marks by stage, of those stages that are always opened on the same."""
    marks_by_stage: dict[str, set[Decimal | None]] = {}
    for element in (e for d in checked.package.diagrams.values() for e in d.elements.values()):
        call = element.operation
        if call is not None and call.operation == OPENING:
            stage = find_constant_value(call.parameters.get("stage", "null"))
            marks_by_stage.setdefault(str(stage), set()).update(_opened_on(checked, call))
    return {stage: next(iter(full)) for stage, full in marks_by_stage.items() if len(full) == 1 and None not in full}  # type: ignore[misc]


def _opened_on(checked: Checked, call: OperationCall) -> Iterator[Decimal | None]:
    """Yield the full marks on which a stage may be opened; None where they are not known."""
    totals = list(list_values(checked.package, call.parameters.get("total", "null")))
    for total in totals:
        if is_number(total) or isinstance(total, Decimal):
            yield Decimal(str(total))
        else:
            editions = [str(e) for e in list_values(checked.package, call.parameters.get("edition", "null"))]
            yield from (
                Decimal(checked.package.edition(e).points) if why_no_edition(checked.package, e) is None else None
                for e in editions
            )


def _find_total(
    call: OperationCall, weights: Mapping[str, nodes.Node], stages: Mapping[str, Decimal]
) -> Decimal | None:
    """Return the full marks of a ranking: weights come to 1, unless all are 1 and the stages are added up."""
    out_of = find_constant_value(call.parameters.get("out_of", "null"))
    if isinstance(out_of, Decimal):
        return out_of
    marks = [stages.get(stage) for stage in weights]
    if not marks or None in marks:
        return None
    certain_marks = [mark for mark in marks if mark is not None]
    if all(isinstance(weight, nodes.Literal) and weight.value == 1 for weight in weights.values()):
        return sum(certain_marks, Decimal(0))
    return certain_marks[0] if len(set(certain_marks)) == 1 else None
