"""Panels of experts: what the opening of a stage says of who is drawn holds together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.feel import constant
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error
from service.catalog.rules.handed import values_of
from service.catalog.rules.registry import Extent, check
from service.catalog.scoring.scoring import file_of
from service.catalog.settings.scoring_settings import OPENING, edition_parameters, editions_in, why_no_edition
from service.domain.text import Text
from service.domain.values.exact_number import exact_number

_WORDS: Mapping[str, tuple[str, ...]] = {
    "method": ("random_draw", "office_choice", "group"),
    "rotation_by": ("round", "year"),
    "below": ("refill", "continue"),
}


def _openings(checked: Checked) -> Iterator[tuple[Diagram, Element, Mapping[str, str]]]:
    for diagram, element in checked.elements():
        if element.operation is not None and element.operation.operation == OPENING:
            yield diagram, element, element.operation.parameters


@check(Extent.PROCESS, "unknown_word")
def words_of_a_stage(checked: Checked) -> Iterator[Problem]:
    """How a panel is formed, what counts as a round and what follows from a recusal are words the program knows."""
    for diagram, element, given in _openings(checked):
        for name, words in _WORDS.items():
            known = (value for value in values_of(checked.package, given.get(name, "null")) if isinstance(value, str))
            for value in dict.fromkeys(value for value in known if value not in words):
                yield error(
                    diagram.file, element.id, "unknown_word", f"“{name}”不能是“{value}”。", f"“{name}” cannot be “{value}”.",
                    did_you_mean(value, words),
                )  # fmt: skip


@check(Extent.PROCESS, "outside_unsaid", "outside_idle")
def outside_said(checked: Checked) -> Iterator[Problem]:
    """Places kept for experts from outside need a formula that says who is, and such a formula needs places."""
    for diagram, element, given in _openings(checked):
        kept = [
            name
            for name in ("outside_least", "outside_share")
            if constant(given.get(name, "null")) != 0 and name in given
        ]
        if kept and "outside" not in given:
            yield error(
                diagram.file, element.id, "outside_unsaid", "给外部专家留了名额，却没有说明哪些专家算作外部。",
                "Places are kept for experts from outside, but nothing says who is.",
                Text(
                    '加上参数 outside，例如 "not(contains(expert.place, \\"本市\\"))"。',
                    'Add the parameter outside, such as "expert.place != \\"Here\\"".',
                ),
            )  # fmt: skip
        if "outside" in given and not kept:
            yield error(
                diagram.file, element.id, "outside_idle", "说明了哪些专家算作外部，却没有给他们留名额。",
                "It is said who is from outside, but no place is kept for them.",
                Text("加上 outside_least（人数）或者 outside_share（比例）。", "Add outside_least or outside_share."),
            )  # fmt: skip


@check(Extent.PROCESS, "no_share")
def outside_share_is_one(checked: Checked) -> Iterator[Problem]:
    """A share of a panel lies above 0 and is at most 1."""
    for diagram, element, given in _openings(checked):
        value = constant(given.get("outside_share", "null"))
        if value is not None and not _is_share(value):
            yield error(
                diagram.file, element.id, "no_share", f"比例“{value}”应大于0、不超过1。", f"“{value}” is no share above 0 and up to 1.",
                Text('写成 0.4 或者 "1/3"。', 'Write 0.4 or "1/3".'),
            )  # fmt: skip


@check(Extent.PROCESS, "rotation_unsaid")
def rotation_has_rounds(checked: Checked) -> Iterator[Problem]:
    """How long experts pause, and what a round is, is said only where they rotate."""
    for diagram, element, given in _openings(checked):
        said = [name for name in ("rotation_pause", "rotation_by") if name in given]
        if said and "rotation_rounds" not in given:
            yield error(
                diagram.file, element.id, "rotation_unsaid", f"写了“{said[0]}”，却没有写连续评审几届后轮空。",
                f"“{said[0]}” is given, but not after how many rounds experts pause.",
                Text("加上 rotation_rounds，或者删去它。", "Add rotation_rounds, or remove it."),
            )  # fmt: skip


@check(Extent.PACKAGE, "unknown_edition")
def editions_there(checked: Checked) -> Iterator[Problem]:
    """A scoring edition that a setting or the opening of a stage names has its sheet."""
    package = checked.package
    known = sorted(package.parts.scoring)
    said: list[tuple[str, str, str]] = [
        (package.parameters_file, f"parameters.{ident}.values", named)
        for ident in sorted(edition_parameters(package))
        for dated in package.award.parameters[ident].values
        for named in editions_in(dated.value)
    ]
    said += [
        (diagram.file, element.id, named)
        for diagram, element, given in _openings(checked)
        for named in editions_in(constant(given.get("edition", "null")))
    ]
    for file, place, named in dict.fromkeys(said):
        wrong = why_no_edition(package, named)
        if wrong is not None:
            near = did_you_mean(file_of(named), known)
            yield error(
                file, place, "unknown_edition",
                f"评分标准“{named}”没有评分表：{wrong.zh}", f"There is no sheet for the edition “{named}”: {wrong.en}",
                Text(
                    f"在 scoring/ 中加上 {file_of(named)}.yaml，或者改用已有的。{near.zh}",
                    f"Add {file_of(named)}.yaml under scoring/, or name one there is. {near.en}",
                ),
            )  # fmt: skip


def _is_share(value: object) -> bool:
    try:
        return 0 < exact_number(value) <= 1
    except ValueError:
        return False
