"""Pages that edit a scenario: its steps as cards, its expectations as rows, one row at a time as a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.simulate.scenarios.scenario import HEAD, Move
from service.casework.simulate.scenarios.words import RowWords, step_words
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.scenarios.edit_scenario import (
    ChangeHead,
    CopyRow,
    MoveRow,
    PutRow,
    RemoveRow,
    ScenarioEdit,
    edit_scenario,
    scenario_head,
    scenario_rows,
)
from service.casework.studio.scenarios.run_scenarios import ScenarioView, beyond_the_law, view_scenario
from service.catalog.law.proof import PROVES
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number, whole_number
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.scenarios.scenario_inputs import SHOW_AGAIN
from service.web.studio.scenarios.scenario_rows import (
    day_typed,
    filled_words,
    head_lines,
    read_row,
    require_about,
    row_as_typed,
    row_form,
    word_of,
    words_of_kinds,
    words_of_verbs,
)

PAGES = studio_pages("studio_scenario_edit", "/studio/drafts/<int:draft>/scenarios/edit")
_PLACE = "studio_scenarios.index"


@PAGES.get("")
@route_guard("draft.edit")
def edit(draft: int) -> ResponseReturnValue:
    """Show the steps of a scenario as cards, and what it expects: ?path=, ?clause= to choose what proves a clause."""
    return _render_cards(draft, request.args.get("path", ""))


@PAGES.post("")
@route_guard("draft.edit")
def change(draft: int) -> ResponseReturnValue:
    """Move or remove a row, change the head, or add expectations that were ticked."""
    typed = request.form
    path = typed.get("path", "")
    try:
        edits = _read_edits(draft, path)
        edit_scenario(the_desk(), the_actor(), draft, path, typed.get("base", ""), edits)
    except LaurelError as refusal:
        return _render_cards(draft, path, say(refusal.message), status_of(refusal))
    if clause := typed.get("clause", ""):
        return redirect(f"/studio/drafts/{draft}/clauses?" + urlencode({"clause": clause}))
    return redirect(f"/studio/drafts/{draft}/scenarios/edit?path={path}{_build_row_mark(typed)}")


def _build_row_mark(typed: Mapping[str, str]) -> str:
    """Return the part of an address that leads to the row that was moved or copied."""
    number, act = whole_number(typed.get("number", "")) or 0, typed.get("do", "")
    to = {
        "up": number - 1,
        "down": number + 1,
        "copy": number + 1,
        "to": (typed_whole_number(typed.get("to", "")) or 1) - 1,
    }
    return f"#{typed.get('rows', '')}-{max(0, to[act])}" if act in to else ""


@PAGES.get("/row")
@route_guard("draft.edit")
def row(draft: int) -> ResponseReturnValue:
    """Show one row as a form: ?path=, ?rows=, ?number=; ?insert=1 for a new one before it."""
    path, rows, number, insert = _read_address()
    all_rows = scenario_rows(the_desk(), the_actor(), draft, path, rows)
    if insert:
        word = request.args.get("word", "complete" if rows == "steps" else "outcome")
        return _render_row(draft, path, rows, number, {word: ""}, insert=True)
    if number >= len(all_rows):
        raise NotFound(Text("这一行已经不在，请返回重看。", "This row is gone: go back and look again."))
    return _render_row(draft, path, rows, number, dict(all_rows[number]), insert=False)


@PAGES.post("/row")
@route_guard("draft.edit")
def put(draft: int) -> ResponseReturnValue:
    """Write one row."""
    path, rows, number, insert = _read_address()
    view = view_scenario(the_desk(), the_actor(), draft, path)
    before = () if insert else scenario_rows(the_desk(), the_actor(), draft, path, rows)
    old_row = before[number] if number < len(before) else {}
    words = _build_row_words(view)
    try:
        typed = read_row(words, rows, request.form, old_row)
        if request.form.get("do") == SHOW_AGAIN or request.form.keys() & {"_add", "_remove"}:
            return _render_row(draft, path, rows, number, typed, insert=insert)
        require_about(rows, typed)
        edits = (PutRow(rows, number, typed, insert=insert),)
        edit_scenario(the_desk(), the_actor(), draft, path, request.form.get("base", ""), edits)
    except LaurelError as refusal:
        typed_row = row_as_typed(words, rows, request.form, old_row)
        return _render_row(
            draft, path, rows, number, typed_row, insert=insert, problem=say(refusal.message), status=status_of(refusal)
        )
    address = f"/studio/drafts/{draft}/scenarios/edit"
    if request.form.get("do") == "more":
        return redirect(f"{address}/row?path={path}&rows={rows}&number={number + 1}&insert=1")
    return redirect(f"{address}?path={path}#{rows}-{number}")


def _read_edits(draft: int, path: str) -> tuple[ScenarioEdit, ...]:
    typed = request.form
    rows, number, act = typed.get("rows", ""), whole_number(typed.get("number", "")) or 0, typed.get("do", "")
    if act in ("up", "down"):
        return (MoveRow(rows, number, -1 if act == "up" else 1),)
    if act == "to":
        return (MoveRow(rows, number, (typed_whole_number(typed.get("to", "")) or number + 1) - 1 - number),)
    if act == "copy":
        return (CopyRow(rows, number),)
    if act == "remove":
        return (RemoveRow(rows, number),)
    if act == "head":
        head = {key: typed[key] for key in HEAD if key in typed}
        return (ChangeHead(typed.get("title", ""), day_typed(typed.get("start", "")), head, "beyond" in typed),)
    proposed = _list_proposed(view_scenario(the_desk(), the_actor(), draft, path))
    chosen, clause = set(typed.getlist("expect")), typed.get("clause", "")
    expected = scenario_rows(the_desk(), the_actor(), draft, path, "expect")
    if clause and not chosen & {*map(str, range(len(proposed))), *(f"row-{n}" for n in range(len(expected)))}:
        raise Invalid(Text("请勾选证明这一条的期望。", "Tick the expectation that proves the clause."))
    return (
        *(
            PutRow("expect", number, _add_proof(row, clause))
            for number, row in enumerate(expected)
            if f"row-{number}" in chosen
        ),
        *(
            PutRow("expect", len(expected) + n, _add_proof(row, clause), insert=True)
            for n, row in enumerate(row for number, row in enumerate(proposed) if str(number) in chosen)
        ),
    )


def _add_proof(row: Mapping[str, Any], clause: str) -> dict[str, Any]:
    """Return an expectation that proves ``clause`` too; as it is without one."""
    proved = row.get(PROVES) or ()
    return {**row, PROVES: list(dict.fromkeys([*proved, clause]))} if clause else dict(row)


def _render_cards(draft: int, path: str, problem: str = "", status: int = 200) -> ResponseReturnValue:
    scenario_view = view_scenario(the_desk(), the_actor(), draft, path)
    steps, expect = (scenario_rows(the_desk(), the_actor(), draft, path, rows) for rows in ("steps", "expect"))
    texts, say_step, words = (
        row_texts(scenario_view.package),
        step_words(scenario_view.package),
        _build_row_words(scenario_view),
    )

    def say_row(row: Mapping[str, Any]) -> str:
        return say(texts(row))

    context = {
        "steps": [_build_card(dict(row), say_row, say_step, words) for row in steps],
        "expect": [say_row(dict(row)) for row in expect],
        "proposed": [say_row(row) for row in _list_proposed(scenario_view)],
    }
    view = view_draft(the_desk(), the_actor(), draft)
    typed = request.form.get("do") == "head" and problem
    head = request.form if typed else scenario_head(the_desk(), the_actor(), draft, path)
    clause = request.values.get("clause", "")
    page = studio_page(
        "scenario_edit.html",
        view,
        _PLACE,
        found=scenario_view,
        rows=context,
        problem=problem,
        path=path,
        head=head,
        lines=head_lines(scenario_view.package),
        beyond=beyond_the_law(scenario_view),
        clause=scenario_view.package.law.clause(clause) if clause else None,
        proving={number for number, row in enumerate(expect) if clause and clause in (row.get(PROVES) or ())},
    )
    return make_response(page, status)


def _build_card(
    row: dict[str, Any], say_row: Callable[[Mapping[str, Any]], str], say_step: Callable[[Move], Text], words: RowWords
) -> dict[str, str]:
    word = word_of("steps", row)
    if word == "expect" and isinstance(row["expect"], Mapping):
        sentence = say_row(dict(row["expect"]))
    else:
        who, case = (str(row[key]) if row.get(key) else None for key in ("as", "case"))
        sentence = say(say_step(Move(0, word, row.get(word), None, who, case, row)))
    return {
        "at": say(words.terms.word(row["at"])) if row.get("at") else "",
        "words": sentence,
        "every": "、".join(map(str, row.get("every", ()))),
        "given": "，".join(filled_words(words, row, say))[:160],
    }


def _render_row(
    draft: int,
    path: str,
    rows: str,
    number: int,
    row_values: dict[str, Any],
    *,
    insert: bool,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    scenario_view = view_scenario(the_desk(), the_actor(), draft, path)
    words = _build_row_words(scenario_view)
    form = row_form(words, rows, row_values)
    if problem:
        form = replace(form, rest=request.form.get("rest", ""))
    page = studio_page(
        "scenario_row.html",
        view_draft(the_desk(), the_actor(), draft),
        _PLACE,
        found=scenario_view,
        form=form,
        path=path,
        rows=rows,
        number=number,
        insert=insert,
        problem=problem,
        verbs=words_of_verbs() if rows == "steps" else words_of_kinds(),
        kinds=words_of_kinds(),
    )
    return make_response(page, status)


def _build_row_words(scenario_view: ScenarioView) -> RowWords:
    """Return what the rows of the scenario may name."""
    scenario = scenario_view.line.file.scenario
    cases = dict.fromkeys(str(m.keys["name"]) for m in scenario.moves if "name" in m.keys) if scenario else {}
    nicks = scenario.organisations if scenario else {}
    return RowWords(scenario_view.package, ScenarioTerms(scenario_view.package), tuple(cases), nicks)


def _list_proposed(scenario_view: ScenarioView) -> list[dict[str, Any]]:
    """Return what the newest run lets one expect beyond what the scenario expects already."""
    result, scenario = scenario_view.result, scenario_view.line.file.scenario
    if result is None or scenario is None or scenario_view.line.stale:
        return []
    return [row for row in result.proposed if all(dict(expectation) != row for expectation in scenario.expect)]


def _read_address() -> tuple[str, str, int, bool]:
    args = request.args
    rows = args.get("rows", "steps")
    if rows not in ("steps", "expect"):
        raise NotFound(Text("情景没有这一部分。", "A scenario has no such part."))
    return args.get("path", ""), rows, whole_number(args.get("number", "")) or 0, args.get("insert") == "1"
