"""A table or diagram that would say a number beyond the bound of its clause is not saved, nor a spreadsheet taken in."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import DraftTree, grown
from service.catalog import Package, Problem
from service.catalog.names.problem_places import placed
from service.catalog.rules.context import prepare
from service.catalog.rules.literals import literals_of_diagrams, literals_of_tables
from service.domain.errors import Invalid
from service.domain.text import Text

_BEYOND_LAW = "literal_beyond_law"
_MOST_SAID = 5
_TYPED = (
    Text("下列数超出了法定界限，这张表没有保存", "These numbers are beyond the law, and the table was not saved"),
    Text(
        "请改正这一格；您的其他改动还在，改正以后一起保存。",
        "Correct the cell: your other changes stay and are saved with it.",
    ),
)
_DRAWN = (
    Text("下列数超出了法定界限，这张图没有保存", "These numbers are beyond the law, and the diagram was not saved"),
    Text(
        "请在图元上改正；您的其他改动还在，改正以后一起保存。",
        "Correct them on the element: your other changes stay and are saved with it.",
    ),
)
_BROUGHT = (
    Text("表格里有法定界限以外的数，没有采用", "The spreadsheet says numbers beyond the law and was not taken"),
    Text("请在表格中改正后再导入。", "Correct them there and import it anew."),
)


def demand_lawful_cells(desk: Desk, key: str, tree: DraftTree, path: str, content: bytes) -> None:
    """Raise Invalid, with the article, where ``content`` says a number beyond the law that the table does not say yet."""
    trial = grown(desk, key, tree, {**tree.files, path: content})
    known = set(_beyond(tree.package, path))
    _refuse([problem for problem in _beyond(trial.package, path) if problem not in known], *_TYPED)


def demand_lawful_diagram(desk: Desk, key: str, tree: DraftTree, path: str, content: bytes | None) -> DraftTree | None:
    """Return the tree in which a diagram is changed to ``content``; None where none is.

    Raises Invalid, with the article, where that says a number beyond the law that the diagram does not say yet.
    """
    if content is None or tree.opened(path) in (None, content) or not path.endswith(".bpmn"):
        return None
    trial = grown(desk, key, tree, {**tree.files, path: content})
    beyond = _drawn_beyond(trial.package, path)
    if beyond:
        known = set(_drawn_beyond(tree.package, path))
        _refuse([problem for problem in beyond if problem not in known], *_DRAWN)
    return trial


def _drawn_beyond(package: Package, path: str) -> list[Problem]:
    checked = prepare(package)
    diagrams = [diagram for diagram in checked.diagrams.values() if diagram.file == path]
    return [placed(package, told) for one in diagrams for told in literals_of_diagrams.find(checked.only(one))]


def demand_lawful_spreadsheet(problems: Sequence[Problem]) -> None:
    """Raise Invalid, with the article, for those of the new ``problems`` of a table that are numbers beyond the law."""
    _refuse([problem for problem in problems if problem.rule == _BEYOND_LAW], *_BROUGHT)


def _beyond(package: Package, path: str) -> list[Problem]:
    if path not in {table.file for table in package.tables.values()}:
        return []
    found = literals_of_tables.find(prepare(package))
    return [placed(package, problem) for problem in found if problem.file == path]


def _refuse(beyond: Sequence[Problem], before: Text, after: Text) -> None:
    if not beyond:
        return
    told = [(problem.place or Text(problem.element, problem.element), problem.message) for problem in beyond]
    zh = "".join(f"{place.zh}：{message.zh}" for place, message in told[:_MOST_SAID])
    en = " ".join(f"{place.en}: {message.en}" for place, message in told[:_MOST_SAID])
    raise Invalid(Text(f"{before.zh}。{zh}{after.zh}", f"{before.en}. {en} {after.en}"))
