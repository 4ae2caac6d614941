"""Operations of drafts, for the studio's own scripts and programs beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import DraftView, OpenedFile, open_file, view_draft
from service.casework.studio.parameters.change_basics import BasicsView, SectionLines, put_basics, view_basics
from service.casework.studio.parameters.try_period import UNITS, TriedPeriod, try_period
from service.casework.studio.pieces.diagram_choices import diagram_choices, propose_key
from service.casework.studio.pieces.diagrams import open_diagram, tidy_diagram
from service.casework.studio.pieces.formulas import judge_formula, offer_words
from service.casework.studio.pieces.remove_piece import remove_piece
from service.casework.studio.pieces.tables import OpenedTable, judge_table, save_table, view_table
from service.catalog import Problem
from service.catalog.formula_names.names import FormulaName
from service.catalog.table_sheets.sheet import TableSheet
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.values.bounds import Between, Length, Named, Note, Path, Utf8
from service.web.api.arguments import Query, build_text_argument, calendar_day, words
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.frame.requests.failures import incident_of

_FILE: Query = {"path": build_text_argument("the file, such as processes/CITY/AWARD/round.bpmn")}
_PERIOD: Query = {
    "unit": replace(words("what is counted", *UNITS), required=True),
    "count": build_text_argument("a number, or param.NAME"),
    "day": replace(calendar_day("such as 2026-05-01"), required=True, read=str),
}
_MEANING: Query = {
    "meaning": build_text_argument("what it means, in Chinese or English"),
    "taken": "keys that are taken, with blanks between",
}
_FORMULA: Query = {
    "path": build_text_argument("the file, such as processes/CITY/AWARD/eligibility.dmn"),
    "element": "the element, row, form field or key at which the formula stands",
    "field": "what the formula is for: cell, condition, due, prefill, parameter, start_condition and the like",
}
_FILES = (
    "id=row.id package=row.package title=row.title base=row.base author=row.author shared=row.shared state=row.state"
    " revision changed_at=row.changed_at files"
)
_Table = Annotated[TableSheet, Named("table")]

offer(Problem, "rule severity file element place line word message remedy")
offer(SectionLines, "section=section.id entries")
offer(BasicsView, "sections choices revision=draft.revision")
offer(TriedPeriod, "length last_day provisional sentence")
offer(OpenedTable, "path hash revision table=sheet uses called choices")
offer(FormulaName, "name type kind label entries")


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file as the draft holds it.

    ``problems`` are those of the draft with it, errors first, where they were asked for; ``untold`` says why they cannot be
    told, and the file is saved all the same.
    """

    path: str
    content: Utf8 | None
    hash: str
    revision: int
    problems: tuple[Problem, ...] | None = None
    whole: bool | None = None
    untold: Text | None = None


def add_draft(
    desk: Desk,
    actor: Actor,
    package: Annotated[str, Length(1, 120)],
    title: Annotated[str, Length(0, 200)] = "",
) -> DraftView:
    """Open a draft of a package."""
    return view_draft(desk, actor, open_draft(desk, actor, package, title))


def get_draft_file(desk: Desk, actor: Actor, draft: int, path: str) -> SavedFile:
    """Get a file of a draft."""
    file: OpenedFile = open_file(desk, actor, draft, path)
    return SavedFile(file.path, file.content, file.hash, file.revision)


def put_draft_file(
    desk: Desk,
    actor: Actor,
    draft: int,
    path: Path,
    content: Utf8 | None,
    base: str | None,
    note: Note = "",
    check: bool = False,
    give_way: bool = False,
) -> SavedFile:
    """Save a file over the version with hash ``base`` (null: a new file), or remove it (``content`` null).

    ``check`` asks for the problems of the draft with the answer. ``give_way`` removes a piece in use although the shared one
    of its name is used in its place then.
    """
    if content is None:
        saved = remove_piece(desk, actor, draft, path, base or "", note, give_way=give_way)
    else:
        saved = save_file(desk, actor, draft, path, content, base, note)
    file = SavedFile(**asdict(saved))
    return _with_problems(desk, actor, draft, file) if check else file


def _with_problems(desk: Desk, actor: Actor, draft: int, file: SavedFile) -> SavedFile:
    """Return the problems with the answer to a save, which stands whether they can be told or not: else why they are not."""
    try:
        checked = check_draft(desk, actor, draft)
    except LaurelError as error:
        return replace(file, untold=error.message)
    except Exception as error:  # whatever a check raises must not hide that the file is saved
        number = incident_of(error)
        sentence = Text(
            f"已保存，但检查没有做完：系统出现异常。请再改一次或稍后重试；如仍不行，请致电办公室并告知编号 {number}。",
            f"Saved, but the check did not come to its end: something went wrong on our side. Change something again or "
            f"try later; if it fails again, call the office and quote {number}.",
        )
        return replace(file, untold=sentence)
    return replace(file, problems=checked.problems, whole=checked.whole)


def put_draft_basics(
    desk: Desk,
    actor: Actor,
    draft: int,
    section: str,
    typed: Annotated[Mapping[str, Annotated[str, Length(0, 20_000)]], Named("said")],
    ident: Annotated[str, Length(0, 60), Named("id")] = "",
    new: bool = False,
    revision: Annotated[int | None, Between(0, 2**31 - 1)] = None,
) -> BasicsView:
    """Write an entry of what a place and its award declare; ``new`` adds it, and an empty id is made from its name.

    ``revision`` is that of the draft as it was read: an entry that was saved since is not written over.
    """
    put_basics(desk, actor, draft, section, ident, typed, new, revision)
    return view_basics(desk, actor, draft)


def find_key(desk: Desk, actor: Actor, draft: int, meaning: str, taken: str = "") -> str:
    """Propose a key for data by its meaning."""
    return propose_key(desk, actor, draft, meaning, tuple(taken.split()))


def put_draft_table(
    desk: Desk,
    actor: Actor,
    draft: int,
    path: Path,
    sheet: _Table,
    base: Annotated[str, Length(1, 64)],
    note: Note = "",
    removed: Sequence[Annotated[str, Length(1, 200)]] = (),
) -> OpenedTable:
    """Save a decision table over the version with hash ``base``; ``removed`` rows go although others name them."""
    save_table(desk, actor, draft, path, sheet, base, note, removed)
    return view_table(desk, actor, draft, path)


_DRAFT = "/drafts/{draft}"
OPERATIONS = (
    Operation("POST /drafts", "draft.edit", add_draft, _FILES),
    Operation(f"GET {_DRAFT}/file", "draft.view", get_draft_file, query=_FILE),
    Operation(f"PUT {_DRAFT}/file", "draft.edit", put_draft_file),
    Operation(f"GET {_DRAFT}/problems", "draft.view", check_draft),
    Operation(f"GET {_DRAFT}/basics", "draft.view", view_basics),
    Operation(f"PUT {_DRAFT}/basics/{{section}}", "draft.edit", put_draft_basics),
    Operation(f"GET {_DRAFT}/diagram", "draft.view", open_diagram, query=_FILE),
    Operation(f"GET {_DRAFT}/diagram/choices", "draft.view", diagram_choices, query=_FILE),
    Operation(f"POST {_DRAFT}/diagram/tidy", "draft.view", tidy_diagram, "xml"),
    Operation(f"GET {_DRAFT}/diagram/dates", "draft.view", try_period, query=_PERIOD),
    Operation(f"GET {_DRAFT}/diagram/key", "draft.view", find_key, "key", _MEANING),
    Operation(f"GET {_DRAFT}/words", "draft.view", offer_words, "names functions", _FORMULA),
    Operation(f"POST {_DRAFT}/formula", "draft.view", judge_formula, "problems", _FORMULA),
    Operation(f"GET {_DRAFT}/table", "draft.view", view_table, query=_FILE),
    Operation(f"PUT {_DRAFT}/table", "draft.edit", put_draft_table),
    Operation(f"POST {_DRAFT}/table/faults", "draft.view", judge_table, "faults"),
)
