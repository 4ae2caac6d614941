"""Page of the assistant of a clause: what the clause demands, its questions, what exists already, what would be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import DraftView
from service.casework.studio.law.assist_choices import AssistChoices, assist_choices
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.kept_preview import ASSISTANCE
from service.casework.studio.law.preview_assistance import preview_assistance
from service.casework.studio.law.read_clause import ReadClause, read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.law.view_preview import Preview, view_preview
from service.catalog import Package, Unit
from service.catalog.assistants.clause_questions import QUESTIONS
from service.catalog.assistants.clause_reading import ClauseReading
from service.catalog.assistants.drawn_by_hand import drawn_by_hand
from service.catalog.assistants.part_times import MOST_PARTS, WHEN
from service.catalog.assistants.prize_answers import with_parts_of
from service.catalog.clause_kinds.bar_conditions import bar_name
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, CHOSEN_IN_WORDS, AssistKind
from service.catalog.clause_kinds.clause_question import AnswerKind
from service.catalog.law.law import Clause
from service.catalog.new_city.grounds import USUAL, labels_in
from service.catalog.new_city.score_pieces import by_category
from service.catalog.parameters.unit_names import UNITS
from service.domain.text import Text
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.drafts.drafts import KIND_NAMES
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.law.assist_there import ROUNDS, fields_of_parameter, parameters_there
from service.web.studio.law.assist_told import text_told, told_of
from service.web.studio.law.assist_written import where_next
from service.web.studio.law.changed_names import names_of_changes
from service.web.studio.law.clauses import guarded_page

PAGES = studio_pages("studio_clause_assist")
_HERE = "studio_clauses.index"
_VALUE = Text("取值", "Value")
_EVER = Text("没有期限（一直不得再申报）", "without an end (never again)")
_UNITS = {
    AssistKind.BAR: {Unit.COUNT: ROUNDS, Unit.BOOLEAN: _EVER},
    AssistKind.TERM: {Unit.COUNT: ROUNDS, Unit.BOOLEAN: _EVER},
    AssistKind.CARRIED: {Unit.BOOLEAN: Text("不限（余下的都结转）", "no limit (all that is left)")},
}
"""What some kinds count, called otherwise than usual."""
_VALUES = {
    AssistKind.MAJORITY: Text("通过所需票数（例如 > 1/2、>= 2/3）", "Threshold (such as > 1/2, >= 2/3)"),
    AssistKind.ANNOUNCEMENT: Text("以谁的名义公告", "Announced in the name of"),
    AssistKind.CALL: Text("以谁的名义发布", "Made known in the name of"),
    AssistKind.CARRIED: Text("最多结转几个", "How many are carried over at most"),
    AssistKind.APPEAL: Text("几日内提出申诉", "Within how many days one may appeal"),
    AssistKind.CUT_OFF: Text(
        "最低分、占满分的比例（例如 60%）或者取前几名", "Least points, share of full marks (60%), or rank"
    ),
    AssistKind.WEIGHTS: Text("第一个评审阶段的比重（例如 40%）", "Weight of the first stage (such as 40%)"),
}
"""What the value is called, where it is more than a value."""
_TYPED = ("parameter", "name", "unit", "value", "bound", "second", "element", "scenario", "tier")


@PAGES.get("/clauses/<clause>/assist")
@route_guard("draft.edit")
def ask(draft: int, clause: str) -> ResponseReturnValue:
    """Ask what a clause demands: ?kind= chooses the assistant, ?parameter= one that is there, to change it, ?tier= a tier.

    ?preview= shows the newest preview, or how far it is.
    """
    if "preview" in request.args:
        found = view_preview(the_desk(), the_actor(), draft, ASSISTANCE, clause)
        return _page(draft, clause, _typed_for(found), preview=found)
    typed = {key: request.args.get(key, "") for key in ("kind", "tier")}
    return _page(draft, clause, typed, changing=request.args.get("parameter", ""))


@PAGES.post("/clauses/<clause>/assist")
@route_guard("draft.edit")
def assist(draft: int, clause: str) -> ResponseReturnValue:
    """Start a preview of what the assistant writes; with ``confirm`` write it."""
    fields: dict[str, Any] = {key: request.form.get(key, "").strip() for key in _TYPED}
    sent = request.form.get("kind", "")
    kind = _kind(sent) or read_clause_text(the_desk(), the_actor(), draft, clause).kind
    answers = _answers(kind)
    typed = TypedAssistance(kind, clause, answers=answers, **fields)
    again = {**fields, **answers, "kind": kind.value}

    def act() -> ResponseReturnValue:
        if request.form.get("confirm"):
            written = write_assistance(the_desk(), the_actor(), draft, typed)
            flash(t("已写入草稿。", "Written into the draft."))
            return redirect(where_next(draft, typed, written.touched))
        preview_assistance(the_desk(), the_actor(), draft, typed)
        return redirect(f"{request.path}?preview=yes")

    return guarded_page(act, lambda problem: _page(draft, clause, again, problem))


def _typed_for(preview: Preview) -> dict[str, str]:
    """Return what was typed for a preview, as it stands in the fields."""
    asked = preview.asked
    return {**{key: asked[key] for key in _TYPED}, **asked["answers"], "kind": asked["kind"]}


def _kind(word: str) -> AssistKind | None:
    return next((kind for kind in AssistKind if kind.value == word), None)


def _answers(kind: AssistKind) -> dict[str, str]:
    """Return what was sent to the questions of a kind; several that are ticked stand as words."""
    found: dict[str, str] = {}
    for question in QUESTIONS.get(kind, ()):
        if question.asked is AnswerKind.PARTS:
            for number in range(1, MOST_PARTS + 1):
                found |= {f"{key}_{number}": request.form.get(f"{key}_{number}", "") for key in ("share", "when", "at")}
        elif question.id in request.form or question.asked is AnswerKind.SEVERAL:
            found[question.id] = " ".join(request.form.getlist(question.id)).strip()
    return found


def _page(
    draft: int,
    clause: str,
    typed: dict[str, str],
    problem: str = "",
    preview: Preview | None = None,
    changing: str = "",
) -> str:
    bench = view_clauses(the_desk(), the_actor(), draft, clause)
    chosen = bench.law.clause(clause)
    read = _read(draft, clause, typed, changing)
    assistant = ASSISTANTS[read.kind]
    known = bench.draft.package.award.parameters
    there = parameters_there(bench.draft.package, read, clause, ROUNDS.zh)
    unread: frozenset[str] = frozenset()
    choices = assist_choices(the_desk(), the_actor(), draft, clause)
    if "parameter" not in typed:
        proposed = fields_of_parameter(bench.draft.package, read, chosen.article, clause, there, changing)
        typed, unread = _filled(bench.draft.package, chosen, read, choices, proposed, typed, changing)
    return studio_page(
        "clause_assist.html",
        bench.draft,
        _HERE,
        clause=chosen,
        assistant=assistant,
        assistants=ASSISTANTS.values(),
        choices=choices,
        questions=QUESTIONS.get(assistant.kind, ()),
        AnswerKind=AnswerKind,
        chosen_in_words=CHOSEN_IN_WORDS,
        parts=range(1, MOST_PARTS + 1),
        when=WHEN,
        typed=typed,
        problem=problem,
        **_previewed(bench.draft, preview),
        units=UNITS | _UNITS.get(assistant.kind, {}),
        kind_names=KIND_NAMES,
        condition=read.condition and not typed.get("kind"),
        conditions={table.file: table.name for table in bench.draft.package.tables.values() if table.is_eligibility},
        known=known,
        there=there,
        tiered=_tiered(bench.draft.package),
        value_title=_VALUES.get(assistant.kind, _VALUE),
        said=_still_said(read.reading, typed),
        reading=read.reading,
        others=[ASSISTANTS[kind] for kind in read.others],
        offers=read.tiers,
        by_hand=drawn_by_hand(chosen.text or chosen.summary),
        held=known.get(typed.get("parameter", "")),
        unread=[key for key in unread if typed.get(key) != ""],
    )


def _previewed(draft: DraftView, preview: Preview | None) -> dict[str, Any]:
    """Return what the page shows of a preview: how far it is, or what would be written into the draft as it is now."""
    proposal = preview.proposal if preview and not preview.stale else None
    called = names_of_changes(draft, proposal) if proposal else {}
    return {"preview": preview, "preview_at": f"{request.path}?preview=yes", "proposal": proposal, "called": called}


def _read(draft: int, clause: str, typed: Mapping[str, str], changing: str) -> ReadClause:
    """Return what the clause says, of several tiers that whose number the parameter ``changing`` has."""
    kind = _kind(typed.get("kind", ""))
    read = read_clause_text(the_desk(), the_actor(), draft, clause, kind, typed.get("tier", ""))
    tier = next((offer.id for offer in read.tiers if changing and offer.parameter == changing), read.tier)
    return read if tier == read.tier else read_clause_text(the_desk(), the_actor(), draft, clause, kind, tier)


def _filled(
    package: Package,
    clause: Clause,
    read: ReadClause,
    choices: AssistChoices,
    proposed: dict[str, str],
    typed: dict[str, str],
    changing: str,
) -> tuple[dict[str, str], frozenset[str]]:
    """Return what stands in the fields before anybody types, and those that hold what is usual alone."""
    changing = changing or proposed.get("parameter", "")
    told = told_of(package, read.kind, text_told(package, read.kind, clause), choices, changing)
    unread = _unread(read.kind, {**told, **read.reading.fields})
    if not changing:
        proposed = proposed | _asked_for(read.kind, read.reading)
    kept = (
        {"ground": _grounds_with(package, changing, clause.id, told["ground"], read.reading)}
        if changing and told.get("ground")
        else {}
    )
    said = with_parts_of(told, read.reading.fields)
    found = {**_usual(package, read.kind), **said, **kept, **proposed, **typed}
    return {**found, "tier": typed.get("tier") or proposed.get("tier") or read.tier or told.get("tier", "")}, unread


def _grounds_with(package: Package, parameter: str, clause: str, held: str, reading: ClauseReading) -> str:
    """Return the grounds of a bar as they were entered last, with those of another item of its list, which has the same bar."""
    known = package.award.parameters.get(parameter)
    if known is None or clause in known.clauses:
        return held
    said = "".join(package.law.clause(one).text or package.law.clause(one).summary for one in known.clauses)
    stands = [
        label for label in labels_in(held) if label != USUAL or USUAL in said
    ]  # what nobody said is none of the list
    return "；".join(dict.fromkeys([*stands, *labels_in(reading.fields.get("ground", ""))])) or held


def _tiered(package: Package) -> tuple[str, ...]:
    """Return the kinds of which each tier may have its own: a cut-off too, where one applies for one of the tiers."""
    kinds = (AssistKind.QUOTA, AssistKind.PRIZE, AssistKind.BAR, AssistKind.MAJORITY)
    return (*kinds, AssistKind.CUT_OFF) if by_category(package) else kinds


def _usual(package: Package, kind: AssistKind) -> dict[str, str]:
    """Return the first values where nothing is said: the government announces; a weight is called after its stage."""
    if kind is AssistKind.CALL:
        office = next(iter(package.jurisdiction.bodies_with("office")), None)
        return {"value": office.text.zh if office else "", "name": "申报通知的名义"}
    if kind is not AssistKind.ANNOUNCEMENT:
        return {"name": "第一个评审阶段的比重"} if kind is AssistKind.WEIGHTS else {}
    place = package.jurisdiction
    body = next(iter(place.bodies_with("government")), None)
    named = body.text.zh if body else f"{place.text.zh}人民政府"
    return {"value": named, "name": "公告的名义"}


def _asked_for(kind: AssistKind, reading: ClauseReading) -> dict[str, str]:
    """Return what is left open to be chosen where the text was not read: from what years count, before which step a cut lies."""
    if kind is AssistKind.CUT_OFF:
        return {"before": reading.fields.get("before", "")}
    if kind is not AssistKind.BAR:
        return {}
    since = reading.fields.get("since", "")
    unit = Unit(reading.fields.get("unit", Unit.YEARS.value))
    usual = since not in ("revocation", "event") and unit is Unit.YEARS
    named = {} if usual else {"parameter": "", "name": bar_name(reading.fields, unit)}
    return {"since": since, **named}


def _unread(kind: AssistKind, known: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that hold what is usual, and neither what the text says nor what is drawn."""
    asked = (q.id for q in QUESTIONS.get(kind, ()) if q.default)
    return frozenset(key for key in (*asked, "bound") if key not in known)


def _still_said(reading: ClauseReading, typed: Mapping[str, str]) -> dict[str, str]:
    """Return the words of the text by field, where the field holds what was read from them."""
    return {key: words for key, words in reading.words.items() if typed.get(key) == reading.fields[key]}
