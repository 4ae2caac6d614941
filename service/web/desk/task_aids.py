"""What stands beside a task: earlier answers, what was lodged, what changed, what is doubted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from flask import render_template
from markupsafe import Markup

from service.casework.desk.jsonable import to_json_value
from service.casework.queries.tasks.task_form import TaskForm
from service.casework.queries.tasks.view_task import TaskView
from service.casework.reading.corrections import CorrectionItem, list_unanswered_corrections
from service.casework.reading.found_by_program import (
    MET,
    NOT_MET,
    ConditionDoubt,
    FoundByProgram,
    computed_at,
    items_of,
    select_item_findings,
)
from service.casework.reading.submissions import Submission
from service.casework.tasks.complete import OddMark
from service.catalog.scoring.scoring import edition_of
from service.domain.files.uploads import uploads_in
from service.domain.forms import Form, InputType, ReadableForm
from service.domain.forms.model import FormNode, Group, Input, Path, Rows, format_dotted_path
from service.domain.forms.values import number_text
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.web.forms import FormUrls, Look, Mode
from service.web.forms.changes import Changed, changed_fields
from service.web.forms.look import NO_URLS, Beside, element_id, path_of
from service.web.forms.on_paper import Excerpt, Excerpts
from service.web.forms.parts import NOTHING
from service.web.frame.page.form_shown import READ_URLS, article_drawer, show_readable, side_urls
from service.web.frame.page.names import translate_name
from service.web.frame.page.parts import macros_of
from service.web.frame.requests.current import language, say, t
from service.web.presentation import clock_words

_NAME = 24
"""Signs of what the first statement is on."""
_LEAD = 60
"""Signs of the first statement that stand in the folded line."""
_CHOICES = frozenset({InputType.RADIO, InputType.CHECKLIST, InputType.TAGLIST})
"""Fields that are drawn as a group of choices, whose id is that of the whole."""
_WHO = Text("提出人的信息", "Who lodged it")
_HIDDEN = Text("按规定保密的，不显示或者只显示一部分。", "What is confidential is not shown, or only in part.")
_TOO_LATE = Text(
    "还没有提交：现在提交已赶不上后续期限，提交之后流程仍会前进，但到期时将按逾期处理。确实要提交的，请按“仍然提交”。",
    "Not sent yet: it is too late to keep what follows in time. The case would go on, and end as late when that day "
    "comes. If you want to send it all the same, press the button again.",
)


def paper_at_once(view: TaskView) -> str:
    """Return which paper opens with the sheet of who scores: the report that is assessed, else the application."""
    for paper in view.papers:
        for node, name in _iterate_inputs(paper.form.nodes):
            report = value_at(paper.read.values, path_of(name)) if node.assessed and node.secret is None else None
            file = next(iter(uploads_in(report)), None)
            if file is not None:
                return f"f{file}"
    return str(view.papers[0].id) if view.papers else ""


@dataclass
class _Read:
    """A submitted form, read when the first item asks for a part of it."""

    paper: Submission
    urls: FormUrls

    @cached_property
    def excerpts(self) -> Excerpts:
        return Excerpts(self.paper.read, self.urls, language())


def beside_items(view: TaskView) -> Beside | None:
    """Return what draws the statements, files and findings beside a field of the task's form; None where there are none.

    Where the step is done anew it also draws what was answered before, at the fields that must be decided again.
    """
    if view.form is None or view.why_not is not None:
        return None
    former = _draw_former_answers(view, view.form)
    if not former and not any(True for _ in items_of(view.form.nodes)):
        return None
    newest = _find_newest_papers(view)
    drawn = partial(
        macros_of("tasks/beside_item.html").beside_item,
        articles=article_drawer(view.package),
    )

    def draw_item(node: Input) -> Markup:
        markup = _draw_beside(node, newest, view.found, drawn)
        return former[node.id] + markup if node.id in former else markup

    return draw_item


def _find_newest_papers(view: TaskView) -> dict[str, _Read]:
    urls = side_urls(f"/tasks/{view.id}", view.brief.files)
    return {paper.form.id: _Read(paper, urls) for paper in sorted(view.papers, key=lambda item: item.id)}


def against_items(view: TaskView, form: Form) -> dict[str, Text]:
    """Return why an item is not answered as normal by itself, by the path of each against which something speaks.

    That is what the program found, and proof that the applicant did not attach.
    """
    texts, papers = {}, _find_newest_papers(view)
    for node, path in _iterate_inputs(form.nodes):
        found = [finding.text for finding in select_item_findings(node, view.found) if finding.result != MET]
        against = [Text(text, text) if isinstance(text, str) else text for text in found]
        lacked = (excerpt.lacks for part in node.beside for excerpt in _list_excerpts(part, papers) if excerpt.lacks)
        against += [Text(f"没有上传“{label}”", f"no file under “{label}”") for label in lacked]
        if against and node.normal is not None:
            zh, en = "；".join(text.zh for text in against), "; ".join(text.en for text in against)
            texts[path] = Text(
                f"“{node.label.zh}”没有代填，系统查得：{zh}，请核对后选择。",
                f"“{node.label.en}” is left open, for the program found: {en}. Look at it and choose.",
            )
    return texts


def _draw_former_answers(view: TaskView, form: Form) -> Mapping[str, Markup]:
    """Return what was answered in the round before, by the id of each field that must be decided again."""
    if view.former is None:
        return {}
    former_answers = ReadableForm(form, view.former.values, view.today, view.stored)
    excerpts, answers = Excerpts(former_answers, NO_URLS, language()), {}
    for node, path in _iterate_inputs(form.nodes):
        former = excerpts.at(path) if path in view.former.blank else ()
        if former and former[0].value:
            drawn = render_template("tasks/former_answer.html", former=view.former, value=former[0].value)
            answers[node.id] = Markup(drawn)  # noqa: S704  rendered by our own escaping template
    return answers


def _iterate_inputs(nodes: tuple[FormNode, ...], path: Path = ()) -> Iterator[tuple[Input, str]]:
    """Yield the fields outside lists, each with its path."""
    for node in nodes:
        if isinstance(node, Group):
            yield from _iterate_inputs(node.children, (*path, node.path) if node.path else path)
        elif isinstance(node, Input):
            yield node, format_dotted_path((*path, node.key))


def _draw_beside(
    node: Input, papers: Mapping[str, _Read], findings: tuple[FoundByProgram, ...], drawn: Callable[..., str]
) -> Markup:
    quotes = [excerpt for part in node.beside for excerpt in _list_excerpts(part, papers)] or _list_unstated(
        node, papers
    )
    checked = select_item_findings(node, findings)
    if not quotes and not checked:
        return NOTHING
    files = [file for quote in quotes for file in quote.files]
    lead = _format_lead(node, next((quote for quote in quotes if quote.value and not quote.files), None))
    return Markup(drawn(quotes, checked, files, lead))  # noqa: S704  rendered by our own escaping template


def _format_lead(node: Input, first: Excerpt | None) -> str:
    """Return the first statement with what it is a statement on, unless it is called as the item is."""
    if first is None:
        return ""
    name = first.label[:_NAME] + ("…" if len(first.label) > _NAME else "")
    label = t(f"{name}：", f"{name}: ") if node.label.pick(language()) not in first.label else ""
    return label + first.value[:_LEAD] + ("…" if len(first.value) > _LEAD else "")


def _list_unstated(node: Input, papers: Mapping[str, _Read]) -> list[Excerpt]:
    """Return that nothing is stated on an item, where its forms were sent and did not ask for it: nothing was claimed.

    Where a form computes something on the item, that says what there is to say.
    """
    parts = (
        (papers[form].paper.form, path)
        for form, _, path in (part.partition(".") for part in node.beside)
        if form in papers
    )
    if any(computed_at(form, path) for form, path in parts):
        return []
    for named in node.beside:
        form, _, path = named.partition(".")
        fields = papers[form].paper.form.fields() if form in papers else ()
        label = next((field.label for field in fields if field.path == path), None)
        if label is not None:
            return [Excerpt(label.pick(language()), t("没有填报", "not stated"))]
    return []


def _list_excerpts(named: str, papers: Mapping[str, _Read]) -> tuple[Excerpt, ...]:
    form, _, path = named.partition(".")
    return papers[form].excerpts.at(path) if form in papers else ()


def changes_of(view: TaskView) -> list[Changed]:
    """Return what was changed in answer to a request for correction, for who now looks at the answer."""
    if view.change is None:
        return []
    return changed_fields(view.change.before, view.change.after, Look(view.today, Mode.READ, READ_URLS, language()))


def draw_other_draft(view: TaskView) -> Markup | str:
    """Return what is kept of a task's form, to be read beside what was typed in another window."""
    if view.form is None:
        return ""
    stored_form = ReadableForm(view.form, view.values, view.today, view.stored, revealed=True)
    return show_readable(stored_form, apart="other-")


def differences_of(view: TaskView, values: Mapping[str, Any]) -> list[Changed]:
    """Return where what is kept of a task's form differs from ``values``."""
    if view.form is None:
        return []
    stored_form, typed = (
        ReadableForm(view.form, v, view.today, view.stored, revealed=True) for v in (view.values, values)
    )
    return changed_fields(stored_form, typed, Look(view.today, Mode.READ, READ_URLS, language()))


def part_named(form: Form | None, path: str) -> str:
    """Return the id of the part of the form that a correction names: with its heading, not the control alone."""
    form_field = next((field for field in form.fields() if field.path == path), None) if form else None
    alone = form_field is not None and form_field.type not in _CHOICES
    return element_id("f", path_of(path)) + ("-field" if alone else "")


def refused_entries(task: TaskForm, form: Form, values: Mapping[str, Any]) -> list[str]:
    """Return the ids of the fields in which what is entered cannot stay as it is."""
    shut = task.correction.shut if task.correction else ()
    errors = form.check(values, today=task.today, stored=task.stored, withheld=shut).errors
    return list(dict.fromkeys(element_id("f", path_of(error.path)) for error in errors if error.refused))


def draft_request(form: Form, values: Mapping[str, Any]) -> str:
    """Return that the items in the first ``values`` of a request are proposed by the program, "" where it has none."""
    if not form.corrects or not any(_has_statement(row) for row in values.get("items") or ()):
        return ""
    return t(
        "“需要补正的内容”由系统按审核时记录的问题拟写，只是建议：请逐项核对，写明补正要求后再发出。",
        "The items below were drafted by the program from what the examination recorded. They are a proposal: check each, "
        "and say what is wanted, before you send them.",
    )


def _has_statement(row: object) -> bool:
    return isinstance(row, Mapping) and any(row.get(name) for name in ("part", "defect"))


def draw_basis(view: TaskView) -> list[tuple[Submission, Markup]]:
    """Return the forms that the task answers, drawn to be read, personal data masked but for what its title says."""
    kind = view.package.award.processes[view.brief.process]
    drawn = []
    for paper in view.basis:
        is_lodged = kind.public and paper.form.id == kind.start_form
        form = paper.form
        if is_lodged:
            form = form.derived(f"substance first {paper.personal}", partial(_substance_first, form, paper.personal))
        drawn.append(
            (paper, show_readable(replace(paper.read, form=form).read_beside(view.title), apart=f"basis-{paper.id}-"))
        )
    return drawn


def _substance_first(form: Form, may_know: bool) -> Form:
    """Return ``form`` to be read: what is said comes first, who says it at the end under a heading of its own.

    To whom may not know it the heading says so, and no blank line below it.
    """
    personal = form.guarded_paths
    statement = tuple(node for node in form.nodes if not _is_personal(node, (), personal))
    if len(statement) == len(form.nodes):
        return form
    who = tuple(node for node in form.nodes if node not in statement)
    return replace(
        form,
        nodes=(
            *statement,
            Group(id="lodged_by", label=_WHO, hint=_HIDDEN, path=None, children=who if may_know else ()),
        ),
    )


def _is_personal(node: FormNode, above: tuple[str, ...], personal: frozenset[str]) -> bool:
    """Return whether a part of a form asks for nothing but who fills it in; ``above`` is the path to it."""
    if isinstance(node, Input):
        return ".".join((*above, node.key)) in personal
    if isinstance(node, Rows):
        return _all_personal(node.children, (*above, f"{node.path}[]"), personal)
    if isinstance(node, Group):
        return _all_personal(node.children, (*above, node.path) if node.path else above, personal)
    return False


def _all_personal(nodes: tuple[FormNode, ...], above: tuple[str, ...], personal: frozenset[str]) -> bool:
    return bool(nodes) and all(_is_personal(node, above, personal) for node in nodes)


def typing_words(task: TaskForm) -> str:
    """Return who else fills in the task just now, "" for nobody."""
    if not task.typing:
        return ""
    zh = "、".join(f"{typist.who}（{clock_words(typist.at)}）" for typist in task.typing)
    en = ", ".join(f"{typist.who} ({clock_words(typist.at)})" for typist in task.typing)
    return t(
        f"{zh}也正在填写这一项。谁先提交，以谁的为准；请先商量由谁办理，由其认领。",
        f"{en} also fill this in just now. Whoever submits first decides it: agree on one of you, who claims it.",
    )


def unsent_values(view: TaskView) -> Markup | None:
    """Return what the reader typed for a task that another finished, to be read and copied."""
    if view.unsent is None:
        return None
    return show_readable(view.unsent.read)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One question before a submission, answered by who knows all its ``keys``; ``places`` are what it is about.

    A ``check`` doubts nothing: what cannot be taken back is read once more. A ``reasoned`` one is sent with a reason.
    """

    keys: frozenset[str]
    text: Text
    places: tuple[CorrectionItem, ...] = ()
    check: bool = False
    reasoned: bool = False


def open_questions(task: TaskForm, typed: Mapping[str, Any], seen_keys: Collection[str]) -> list[OpenQuestion]:
    """Return what is still to be asked about a submission, without those that the person has ``seen_keys``."""
    return [question for question in _open_questions(task, typed) if not question.keys <= set(seen_keys)]


def _open_questions(task: TaskForm, typed: Mapping[str, Any]) -> Iterator[OpenQuestion]:
    if task.limit.missed:
        yield OpenQuestion(frozenset({"late"}), _TOO_LATE)
    if task.form is None or task.why_not is not None:
        return
    if edition_of(task.form.id) is not None:
        yield from _check_scores(task, task.form, typed)
    if task.correction is None:
        return
    same = list_unanswered_corrections(task.correction, task.form, task.stored, typed, task.today)
    if same:
        keys = frozenset(f"unchanged-{n}" for n, item in enumerate(task.correction.items, 1) if item in same)
        yield OpenQuestion(keys, _describe_unchanged(len(same), len(task.correction.items)), same)


def _check_scores(task: TaskForm, form: Form, typed: Mapping[str, Any]) -> Iterator[OpenQuestion]:
    """Yield the total of a sheet that is complete, to be confirmed: another total is asked about anew."""
    result = form.check(typed, today=task.today, stored=task.stored)
    if result.errors:
        return
    total = number_text(Decimal(str(result.values.get("total") or 0)))
    text = Text(
        f"还没有提交。总分 {total} 分。评分一经提交不能修改，也不能取回：请再看一遍下面各项，没有问题的按“确认提交”。",
        f"Not sent yet. Total: {total} points. A score sheet cannot be changed or taken back once it is submitted: read it once "
        "more, and confirm if it is right.",
    )
    yield OpenQuestion(frozenset({f"total-{total}"}), text, check=True)


def draw_conditions(task: TaskForm, values: Mapping[str, Any]) -> Markup:
    """Return what the program finds on the conditions beside the form of a task, nothing where it decides none.

    Who applies sees what is not met by what they typed; who examines it what no item of the form shows.
    """
    form, conditions = task.form, task.conditions
    if form is None or conditions is None:
        return NOTHING
    typed = to_json_value(form.check(values, today=task.today, stored=task.stored).typed) if conditions.own else {}
    found = [finding for finding in conditions.find(typed) if not conditions.own or finding.result == NOT_MET]
    asks = conditions.own or any(finding.result == NOT_MET for finding in found)
    if not conditions.own:
        items = tuple(items_of(form.nodes))
        found = [finding for finding in found if not any(select_item_findings(node, [finding]) for node in items)]
    found.sort(key=lambda finding: finding.result != NOT_MET)
    draw = macros_of("tasks/beside_item.html").conditions_found
    return Markup(draw(found, conditions.own, asks, article_drawer(task.package)))  # noqa: S704  our own escaping template


def ask_about_conditions(doubts: Sequence[ConditionDoubt]) -> OpenQuestion:
    """Return the question about conditions that the program finds not met, or not proven, against what is sent."""
    text = Text(
        "还没有提交：系统查得的下列申报条件与所填内容不符。填错、漏填的请改正；确实如此的可按“仍然提交”，以审查结果为准。",
        "Not sent yet: what you entered does not agree with what the program finds on the conditions below. Correct what is "
        "wrong or missing; if it is so, send it all the same: the examination decides.",
    )
    places = tuple(_describe_doubt(doubt) for doubt in doubts)
    return OpenQuestion(frozenset(doubt.key for doubt in doubts), text, places)


def ask_about_marks(marks: Sequence[OddMark]) -> OpenQuestion:
    """Return the question about items that its sender did not find in order, where the case goes ahead all the same."""
    text = Text(
        "还没有提交：下列项目您没有认定为符合，办件却要继续往下办。认定或者结论选错的请改正后按“提交”；确实如此的，写明理由后按“仍然提交”。",
        "Not sent yet: you did not find the items below in order, and yet the case would go on. Correct the finding or the "
        "conclusion; if it is so, say why and send it all the same.",
    )
    places = tuple(CorrectionItem(say(mark.label), say(mark.answer), "", mark.path, None) for mark in marks)
    return OpenQuestion(frozenset(mark.key for mark in marks), text, places, reasoned=True)


def _describe_doubt(doubt: ConditionDoubt) -> CorrectionItem:
    finding, name = doubt.finding, translate_name
    sources = t("、", ", ").join(say(source) for source in finding.sources)
    state = t("不符合", "not met") if finding.result == NOT_MET else t("还不能证明，缺", "not proven, there lacks")
    told = name(finding.text) if isinstance(finding.text, str) else say(finding.text)
    return CorrectionItem(told, f"{state}（{sources}）" if sources else state, "", doubt.path, None)


def ask_before_end(ended: str) -> OpenQuestion:
    """Return the question before a decision with which the case ends as ``ended``."""
    text = Text(
        f"还没有提交：提交之后办件即告结束，结果为“{ended}”，不能收回。请核对下面填写的内容，没有问题的请按“仍然提交”。",
        f"Not sent yet: with this the case ends as “{ended}”, and it cannot be taken back. Check what you entered below; "
        "if it is right, press “Send it all the same”.",
    )
    return OpenQuestion(frozenset({ended}), text)


def _describe_unchanged(same: int, total: int) -> Text:
    nothing = "须补正的内容一处都没有改动" if same == total else f"须补正的 {total} 项中有 {same} 项没有改动"
    none = "nothing of what is to be corrected" if same == total else f"{total - same} of {total} items"
    return Text(
        f"还没有提交：{nothing}（见下）。提交之后即按提交的内容审查，未必还能再补正。请点开各项改正；"
        "认为无须改动的，请按“仍然提交”。",
        f"Not sent yet: {none} was changed. Once sent it is examined as it is, and there may be no second correction. "
        "Open the items below and correct them; if nothing is to be changed, press “Send it all the same”.",
    )
