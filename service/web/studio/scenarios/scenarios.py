"""Pages of scenarios: run on the draft with progress, results in words, the season drawn, coverage on the diagrams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.simulate.playing.scenario_result import How
from service.casework.simulate.seasons.season_record import Lasting, SeasonRecord, Span
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.jobs import Job, stop_job, view_job
from service.casework.studio.run_jobs import restart_job
from service.casework.studio.scenarios.edit_scenario import copy_scenario, new_scenario
from service.casework.studio.scenarios.run_scenarios import (
    beyond_the_law,
    find_touched,
    list_scenarios,
    run_scenarios,
    stopped_for,
    unsettled_days,
    view_scenario,
)
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.text import Text
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import guarded_page, studio_page, studio_pages
from service.web.studio.scenarios.scenario_rows import day_typed

WIDTH, LEFT, ROW, HEAD = 1100, 260, 20, 34
"""The drawing in its own units: all of it, where the days begin, the height of a row and of the months above."""

MOST_ROWS = 160
_LONGEST = timedelta(days=800)
_NO_LATER = date.max - _LONGEST - timedelta(days=32)
_MARGIN = 10

WORDS = {
    Lasting.CASE: Text("办件", "case"),
    Lasting.NOTICE: Text("公示", "notice"),
    Lasting.LIMIT: Text("期限", "time limit"),
    Lasting.TIMER: Text("计时", "timer"),
    Lasting.BALLOT: Text("表决", "ballot"),
    Lasting.DOCUMENT: Text("文书", "document"),
}


@dataclass(frozen=True, slots=True)
class MonthMark:
    """A month at the top: where it begins."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A span with its place, standing for so many ``times`` the same; ``open`` runs on beyond the last day drawn."""

    span: Span
    times: int
    y: int
    x: float
    width: float
    open: bool
    head: bool


@dataclass(frozen=True, slots=True)
class SeasonPicture:
    """A drawn season; ``left_out`` so many further spans only stand in the table."""

    height: int
    marks: tuple[MonthMark, ...]
    rows: tuple[DrawnSpan, ...]
    left_out: int


def season_picture(record: SeasonRecord) -> SeasonPicture:
    """Return where each span of the season is drawn; documents only stand in the table."""
    spans = _alike_once([span for span in record.spans if span.lasting is not Lasting.DOCUMENT])
    first = min(min((s.first for s, _ in spans), default=record.first), _NO_LATER)
    last_days = [s.last or s.first for s, _ in spans if s.lasting is not Lasting.TIMER]
    last = min(max([record.last, *last_days]), first + _LONGEST)
    scale = (WIDTH - LEFT - _MARGIN) / max(1, (last - first).days + 1)
    drawn = tuple(_draw_span(span, times, n, first, last, scale) for n, (span, times) in enumerate(spans[:MOST_ROWS]))
    marks = tuple(
        MonthMark(LEFT + (day - first).days * scale, f"{day.year}-{day.month:02}") for day in _list_months(first, last)
    ) or (MonthMark(LEFT, first.isoformat()),)  # within one month its first day says when it is
    return SeasonPicture(HEAD + ROW * len(drawn) + 8, _drop_overlaps(marks), drawn, max(0, len(spans) - MOST_ROWS))


def _alike_once(spans: Sequence[Span]) -> list[tuple[Span, int]]:
    """Return each span with how many are like it: a task that nine people have is drawn once."""
    spans_by_key: dict[tuple[object, ...], tuple[Span, int]] = {}
    for span in spans:
        key = (span.lasting, span.case, span.code, span.first, span.last)
        spans_by_key[key] = (
            spans_by_key[key][0] if key in spans_by_key else span,
            spans_by_key.get(key, (span, 0))[1] + 1,
        )
    return list(spans_by_key.values())


def _draw_span(span: Span, times: int, row: int, first: date, last: date, scale: float) -> DrawnSpan:
    begins = min(max(span.first, first), last)
    ends = min(span.last or last, last)
    width = max(4.0, ((ends - begins).days + 1) * scale)
    x = LEFT + (begins - first).days * scale
    head = span.lasting is Lasting.CASE
    return DrawnSpan(span, times, HEAD + row * ROW, round(x, 1), round(width, 1), span.last is None, head)


def _list_months(first: date, last: date) -> Sequence[date]:
    months, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def _drop_overlaps(marks: tuple[MonthMark, ...]) -> tuple[MonthMark, ...]:
    """Leave out months whose labels would lie over each other."""
    every = max(1, -(-len(marks) * 56 // (WIDTH - LEFT)))
    return marks[::every]


PAGES = studio_pages("studio_scenarios")


@PAGES.get("/scenarios")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the scenarios of a draft with what their newest runs came to."""
    return _render_index(draft)


@PAGES.post("/scenarios")
@route_guard("draft.edit")
def add(draft: int) -> ResponseReturnValue:
    """Begin a scenario, or copy the one at ``path``, and open it."""
    typed, path = request.form, request.form.get("path", "")

    def add_file() -> ResponseReturnValue:
        if path:
            saved = copy_scenario(the_desk(), the_actor(), draft, path, typed.get("title", ""))
        else:
            start = day_typed(typed.get("start", ""))
            saved = new_scenario(the_desk(), the_actor(), draft, typed.get("title", ""), start, typed.get("name", ""))
        return redirect(url_for("studio_scenario_edit.edit", draft=draft, path=saved.path))

    return guarded_page(add_file, lambda problem: _render_index(draft, problem))


@PAGES.post("/scenarios/run")
@route_guard("draft.view")
def run(draft: int) -> ResponseReturnValue:
    """Play one scenario, those that have to do with what the draft changes, or all of them, beside the requests."""
    path, back = request.form.get("path", ""), f"/studio/drafts/{draft}/scenarios"
    if request.form.get("touched"):
        run_scenarios(the_desk(), the_actor(), draft, sorted(find_touched(the_desk(), the_actor(), draft)))
        return redirect(f"{back}?touched=1")
    run_scenarios(the_desk(), the_actor(), draft, (path,) if path else ())
    clause = {"clause": request.form["clause"]} if request.form.get("clause") else {}
    return redirect(f"{back}/view?" + urlencode({"path": path, **clause}) if path else back)


@PAGES.get("/scenarios/view")
@route_guard("draft.view")
def view(draft: int) -> ResponseReturnValue:
    """Show one scenario: its steps and expectations as they came out, and the season drawn."""
    scenario_view = view_scenario(the_desk(), the_actor(), draft, request.args.get("path", ""))
    record = scenario_view.result.record if scenario_view.result else None
    picture = season_picture(record) if record else None
    drawing = {"width": WIDTH, "left": LEFT, "row": ROW, "head": HEAD, "words": WORDS}
    page = view_draft(the_desk(), the_actor(), draft)
    scenario, result, package = scenario_view.line.file.scenario, scenario_view.result, scenario_view.package
    return studio_page(
        "scenario.html",
        page,
        "studio_scenarios.index",
        found=scenario_view,
        stopped=stopped_for(package, scenario, result) if scenario and result else (),
        unsettled=unsettled_days(result) if result else (),
        picture=picture,
        drawing=drawing,
        How=How,
        record=record,
        terms=ScenarioTerms(scenario_view.package),
        beyond=beyond_the_law(scenario_view),
    )


def _map_names(page: DraftView) -> dict[str, str]:
    """Return what each file is called; those that are called alike are told apart."""
    return {file.path: file.name for file in page.files}


@PAGES.get("/scenarios/walk")
@route_guard("draft.view")
def walk(draft: int) -> ResponseReturnValue:
    """Show the tokens of a played scenario on a diagram, step by step with dates: ?path=, ?process=."""
    scenario_view = view_scenario(the_desk(), the_actor(), draft, request.args.get("path", ""))
    record = scenario_view.result.record if scenario_view.result else None
    passed = list(dict.fromkeys(p.process for p in record.passages)) if record else []
    process = request.args.get("process", "") or (passed[0] if passed else "")
    terms = ScenarioTerms(scenario_view.package)
    steps = [
        {"at": say(terms.word(p.at)), "case": p.case, "element": p.element, "name": terms.element(p.element)}
        for p in (record.passages if record else ())
        if p.process == process
    ]
    page = view_draft(the_desk(), the_actor(), draft)
    called, drawn = _map_names(page), scenario_view.package.processes
    names = {
        process_id: called.get(drawn[process_id].file) or drawn[process_id].name or process_id
        for process_id in passed
        if process_id in drawn
    }
    file = drawn[process].file if process in drawn else ""
    context = {"found": scenario_view, "process": process, "processes": names, "steps": steps, "file": file}
    return studio_page("walk.html", page, "studio_scenarios.index", **context)


@PAGES.get("/jobs/<int:job>")
@route_guard("draft.view")
def progress(draft: int, job: int) -> ResponseReturnValue:
    """Return how far a job has come: ``{state, done, total, doing, over}``."""
    return jsonify(job_as_json(view_job(the_desk(), the_actor(), draft, job)))


@PAGES.post("/jobs/<int:job>")
@route_guard("draft.view")
def change_job(draft: int, job: int) -> ResponseReturnValue:
    """Stop a job at its next step, or start one again that broke off."""
    act = restart_job if request.form.get("do") == "again" else stop_job
    act(the_desk(), the_actor(), draft, job)
    back = request.form.get("back", "")
    ours = back.startswith("/studio/") and "\\" not in back and "\n" not in back
    return redirect(back if ours else url_for("studio.draft", draft=draft))


def job_as_json(job: Job) -> dict[str, object]:
    """Return what the page is told of a job."""
    return {
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "doing": say(job.doing),
        "over": job.over,
        "trouble": say(job.trouble) if job.trouble else "",
    }


def _render_index(draft: int, problem: str = "") -> str:
    scenario_list, sought = list_scenarios(the_desk(), the_actor(), draft), request.args.get("q", "").strip()[:100]
    touched = find_touched(the_desk(), the_actor(), draft)
    only = bool(request.args.get("touched")) and bool(touched)
    lines = [line for line in scenario_list.lines if sought in line.file.title or sought in line.file.name]
    lines = [line for line in lines if not only or line.file.path in touched]
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page(
        "scenarios.html",
        view,
        "studio_scenarios.index",
        found=scenario_list,
        lines=lines,
        sought=sought,
        touched=len(touched),
        only=only,
        problem=problem,
        typed=request.form,
    )
