"""Panels and ballots: the words of a stage, its scoring editions, who attends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.feel import compiled, find_constant_value
from service.catalog.package import Package
from service.catalog.parameters.units import is_number
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.frames import taken
from service.catalog.rules.registry import Extent, check
from service.catalog.scoring.scoring import file_of
from service.catalog.settings.scoring_settings import OPENING, edition_parameters, editions_in, why_no_edition
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError
from service.domain.review import COMBINATIONS, count_trimmed
from service.domain.text import Text

_WORDS: Mapping[str, tuple[str, ...]] = {
    "method": ("random_draw", "office_choice"),
    "below": ("refill", "continue"),
    "how": COMBINATIONS,
}


def _iterate_openings(checked: Checked) -> Iterator[tuple[Diagram, Element, Mapping[str, str]]]:
    for diagram, element in checked.elements():
        if element.operation is not None and element.operation.operation == OPENING:
            yield diagram, element, element.operation.parameters


@check(Extent.PROCESS, "unknown_word")
def words_of_a_stage(checked: Checked) -> Iterator[Problem]:
    """How a panel is formed, what follows from a recusal and how sheets combine are words the program knows."""
    for diagram, element, arguments in _iterate_openings(checked):
        for name, words in _WORDS.items():
            values = (
                value for value in list_values(checked.package, arguments.get(name, "null")) if isinstance(value, str)
            )
            for value in dict.fromkeys(value for value in values if value not in words):
                yield build_error_problem(
                    diagram.file, element.id, "unknown_word", f"“{name}”不能是“{value}”。", f"“{name}” cannot be “{value}”.",
                    did_you_mean(value, words),
                )  # fmt: skip


@check(Extent.PROCESS, "never_trimmed")
def panel_large_enough(checked: Checked) -> Iterator[Problem]:
    """A mean without the highest and the lowest has a panel that leaves some between them."""
    for diagram, element, arguments in _iterate_openings(checked):
        places = list(list_values(checked.package, arguments.get("places", "null")))
        if not places or not all(is_number(count) or isinstance(count, Decimal) for count in places):
            continue
        most = int(max(places))
        for how in dict.fromkeys(list_values(checked.package, arguments.get("how", "null"))):
            if isinstance(how, str) and how in COMBINATIONS and count_trimmed(how, most) == 0:
                yield build_warning_problem(
                    diagram.file, element.id, "never_trimmed",
                    f"评审组最多{most}人，按“{how}”去掉最高分、最低分后一份也不剩，因此不会去掉，得分是全部评分表的平均。",
                    f"The panel has {most} at most: “{how}” would leave no sheet, "
                    "so nothing is left out and the score is the mean of all.",
                    Text("增加人数（places），或者少去掉几份（how）。", "Enlarge the panel (places), or leave out fewer (how)."),
                )  # fmt: skip


@check(Extent.PACKAGE, "unknown_edition")
def editions_there(checked: Checked) -> Iterator[Problem]:
    """A scoring edition that a setting or the opening of a stage names has its sheet."""
    package = checked.package
    editions = sorted(package.parts.scoring)
    mentions: list[tuple[str, str, str]] = [
        (package.parameters_file, f"parameters.{ident}.values", named)
        for ident in sorted(edition_parameters(package))
        for dated in package.award.parameters[ident].values
        for named in editions_in(dated.value)
    ]
    mentions += [
        (diagram.file, element.id, named)
        for diagram, element, arguments in _iterate_openings(checked)
        for named in editions_in(find_constant_value(arguments.get("edition", "null")))
    ]
    for file, place, named in dict.fromkeys(mentions):
        wrong = why_no_edition(package, named)
        if wrong is not None:
            near = did_you_mean(file_of(named), editions)
            yield build_error_problem(
                file, place, "unknown_edition",
                f"评分标准“{named}”没有评分表：{wrong.zh}", f"There is no sheet for the edition “{named}”: {wrong.en}",
                Text(
                    f"在“评分标准”中加上 {file_of(named)}（scoring/{file_of(named)}.yaml），或者改用已有的。{near.zh}",
                    f"Add {file_of(named)}.yaml under scoring/, or name one there is. {near.en}",
                ),
            )  # fmt: skip


def list_values(package: Package, text: str) -> Iterator[Any]:
    """Yield what an expression comes to over the parameters alone, once for every value and choice of those it reads."""
    try:
        expression = compiled(text)
        read = {path[1] for path in expression.paths if len(path) > 1 and path[0] == "param"}
    except FeelSyntaxError:
        return  # reported as a formula
    parameters = package.award.parameters
    first = {name: parameters[name].values[0].value for name in read if name in parameters and parameters[name].values}
    plays = [first] + [
        {**first, name: value}
        for name in first
        for value in (*(v.value for v in parameters[name].values[1:]), *parameters[name].choices)
    ]
    for play in plays:
        try:
            yield expression.evaluate({"param": play})
        except FeelLimitExceeded:
            return


COUNT, GIVEN = "ballot.count", "attended"
_ASKING = {"vote_quorum_counts": "sign_in", "vote_threshold_base": "members_signed_in"}


@check(Extent.PACKAGE, "attendance_unsaid")
def check_attendance_passed(checked: Checked) -> Iterator[Problem]:
    """A vote whose rules count who signed in is told who did."""
    parameter_names = [
        parameter.name
        for ident, parameter in checked.package.award.parameters.items()
        for dated in parameter.values
        if (parameter.key or ident) in _ASKING and dated.value == _ASKING[parameter.key or ident]
    ]
    if not parameter_names:
        return
    counting = {
        d.process_id: e.operation.parameters.get(GIVEN, "")
        for d, e in checked.elements()
        if e.operation and e.operation.operation == COUNT
    }
    for diagram, element in checked.elements():
        handed_on = counting.get(element.called or "", "")
        frame, _, key = handed_on.partition(".")
        lacks = frame in (inputs := taken(checked, diagram)) and key == GIVEN and GIVEN not in inputs[frame]
        lacks_attendance = (
            element.operation is not None
            and element.operation.operation == COUNT
            and not element.operation.parameters.get(GIVEN)
        )
        if lacks or lacks_attendance:
            yield build_error_problem(
                diagram.file, element.id, "attendance_unsaid", f"“{parameter_names[0]}”按签到人数计算，这里却没有给出谁签到。",
                f"“{parameter_names[0]}” counts who signed in, but nothing says here who did.",
                Text(
                    "给出签到的人员（attended：公式，得出人员编号），例如 \"forms.sign_in.person\"。",
                    "Say who signed in (“attended”: a formula for their row numbers), such as forms.sign_in.person.",
                ),
            )  # fmt: skip
