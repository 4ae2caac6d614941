"""Texts that people read: their formulas have both of their braces."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.documents.documents import DocumentTemplate
from service.catalog.feel import find_constant_value, in_braces, lone_brace, other_brace
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import TEXTS_OVER_RECORD
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text


@check(Extent.PIECES, "lone_brace")
def braces_of_documents(checked: Checked) -> Iterator[Problem]:
    """Every brace in a text that people read has its other half: one that stands alone is printed as it is."""
    for template in {id(document): document for document in checked.package.documents.values()}.values():
        yield from lone_braces_of(template)
    award, file = checked.package.award, checked.package.award_file
    titles = {f"processes.{key}.title": kind.title for key, kind in award.processes.items()}
    titles |= {f"processes.{key}.start_refusal": kind.said_of_refusal for key, kind in award.processes.items()}
    titles |= {f"actions.{key}.consequence": action.consequence for key, action in award.actions.items()}
    for place, text in titles.items():
        yield from _check_lone_brace(file, place, text)


@check(Extent.PROCESS, "lone_brace")
def braces_of_diagrams(checked: Checked) -> Iterator[Problem]:
    """Every brace in a text that people read has its other half: one that stands alone is printed as it is."""
    for diagram in checked.diagrams.values():
        for element in diagram.elements.values():
            for name in TEXTS_OVER_RECORD:
                yield from _check_lone_brace(diagram.file, element.id, element.properties.get(name, ""))


def lone_braces_of(template: DocumentTemplate) -> Iterator[Problem]:
    """Yield what `braces_of_documents` says of one document, which need not be the package's own yet."""
    for text in template.texts():
        yield from _check_lone_brace(template.file, template.id, text)


def _check_lone_brace(file: str, place: str, text: str) -> Iterator[Problem]:
    if quote := lone_brace(text):
        yield build_error_problem(
            file, place, "lone_brace",
            f"文中的“{quote}”只有半个花括号，会原样印出来。", f"“{quote}” has half of a pair of braces: it is printed as it stands.",
            Text("补上另一半，或者删去它。", "Add the other half, or remove this one."),
            word=quote,
        )  # fmt: skip
    if quote := other_brace(text):
        yield build_error_problem(
            file, place, "lone_brace",
            f"文中的“{quote}”有全角花括号或者“$”，会原样印出来。",
            f"“{quote}” has a full-width brace or a “$” before the brace: it is printed as it stands.",
            Text("用半角花括号，前面不加“$”：{decide.reason}。", "Use half-width braces without a “$”: {decide.reason}."),
            word=quote,
        )  # fmt: skip


@check(Extent.PACKAGE, "same_number")
def numbers_differ(checked: Checked) -> Iterator[Problem]:
    """The number of a letter or a case tells it from the next one: it counts on, or is filled in from the record."""
    documents = {id(each): each for each in checked.package.documents.values()}.values()
    numbers = [(each.file, each.id, each.number) for each in documents]
    for diagram in checked.package.diagrams.values():
        for element in diagram.elements.values():
            call = element.operation
            if call is not None and call.operation == "case.number":
                numbers.append(
                    (diagram.file, element.id, str(find_constant_value(call.parameters.get("pattern", "")) or ""))
                )
    for file, place, number in numbers:
        if number and set(in_braces(number)) <= {"year"}:
            yield build_warning_problem(
                file, place, "same_number",
                f"编号“{number}”每一件都相同。", f"The number “{number}” is the same for all.",
                Text("用 {sequence} 依次编号，例如 〔{year}〕{sequence}号。", "Count by {sequence}: 〔{year}〕{sequence}."),
            )  # fmt: skip
