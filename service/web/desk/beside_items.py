"""What stands beside the items of a form: what other forms say, what the program found, what was answered before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from flask import render_template
from markupsafe import Markup

from service.casework.queries.tasks.facts_beside import computed_at
from service.casework.queries.tasks.found_by_program import MET, FoundByProgram, found_on, items_of
from service.casework.queries.tasks.view_task import TaskView
from service.casework.reading.submissions import Submission
from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, Path, dotted
from service.domain.text import Text
from service.web.forms import FormUrls, Look, Mode
from service.web.forms.excerpts import Excerpt, Excerpts
from service.web.forms.look import Beside
from service.web.forms.parts import NOTHING
from service.web.frame.page.form_shown import article_drawer
from service.web.frame.page.papers import side_urls
from service.web.frame.page.shared_parts import shared_parts
from service.web.frame.requests.current import language, t

_NAME = 24
"""Signs of what the first statement is on."""
_LEAD = 60
"""Signs of the first statement that stand in the folded line."""


@dataclass
class _Read:
    """A submitted form, read when the first item asks for a part of it."""

    paper: Submission
    urls: FormUrls

    @cached_property
    def excerpts(self) -> Excerpts:
        paper = self.paper
        look = Look(paper.today, Mode.READ, self.urls, language(), reveal=paper.own, stored=paper.settings)
        return Excerpts(paper.form, paper.values, look)


def beside_items(view: TaskView) -> Beside | None:
    """Return what draws the statements, files and findings beside a field of the task's form; None where there are none.

    Where the step is done anew it also draws what was answered before, at the fields that must be decided again.
    """
    if view.form is None or view.why_not is not None:
        return None
    former = _former(view, view.form)
    if not former and not any(True for _ in items_of(view.form.nodes)):
        return None
    newest: dict[str, _Read] = {}
    urls = side_urls(f"/tasks/{view.id}", view.brief.files)
    for paper in sorted(view.papers, key=lambda one: one.id):
        newest[paper.form.id] = _Read(paper, urls)
    drawn = partial(shared_parts("tasks/beside_item.html").beside_item, articles=article_drawer(view.package))

    def beside(node: Input) -> Markup:
        known = _beside(node, newest, view.found, drawn)
        return former[node.id] + known if node.id in former else known

    return beside


def against_items(view: TaskView, form: Form) -> dict[str, Text]:
    """Return why an item is not answered as normal by itself, by the path of each that the program found something against."""
    told = {}
    for node, path in _inputs(form.nodes):
        against = [one for one in found_on(node, view.found) if one.result != MET]
        if against and node.normal is not None:
            zh = "；".join(one.text if isinstance(one.text, str) else one.text.zh for one in against)
            en = "; ".join(one.text if isinstance(one.text, str) else one.text.en for one in against)
            told[path] = Text(
                f"“{node.label.zh}”没有代填，系统查得：{zh}，请核对后选择。",
                f"“{node.label.en}” is left open, for the program found: {en}. Look at it and choose.",
            )
    return told


def _former(view: TaskView, form: Form) -> Mapping[str, Markup]:
    """Return what was answered in the round before, by the id of each field that must be decided again."""
    if view.former is None:
        return {}
    look = Look(view.today, Mode.READ, language=language(), stored=view.stored)
    excerpts, found = Excerpts(form, view.former.values, look), {}
    for node, path in _inputs(form.nodes):
        said = excerpts.at(path) if path in view.former.blank else ()
        if said and said[0].value:
            drawn = render_template("tasks/former_answer.html", former=view.former, value=said[0].value)
            found[node.id] = Markup(drawn)  # noqa: S704  rendered by our own escaping template
    return found


def _inputs(nodes: tuple[FormNode, ...], path: Path = ()) -> Iterator[tuple[Input, str]]:
    """Yield the fields outside lists, each with its path."""
    for node in nodes:
        if isinstance(node, Group):
            yield from _inputs(node.children, (*path, node.path) if node.path else path)
        elif isinstance(node, Input):
            yield node, dotted((*path, node.key))


def _beside(
    node: Input, papers: Mapping[str, _Read], found: tuple[FoundByProgram, ...], drawn: Callable[..., str]
) -> Markup:
    said = [excerpt for one in node.beside for excerpt in _excerpts(one, papers)] or _not_given(node, papers)
    checked = found_on(node, found)
    if not said and not checked:
        return NOTHING
    files = [file for one in said for file in one.files]
    lead = _lead(node, next((one for one in said if one.value and not one.files), None))
    return Markup(drawn(said, checked, files, lead))  # noqa: S704  rendered by our own escaping template


def _lead(node: Input, first: Excerpt | None) -> str:
    """Return the first statement with what it is a statement on, unless it is called as the item is."""
    if first is None:
        return ""
    name = first.label[:_NAME] + ("…" if len(first.label) > _NAME else "")
    label = t(f"{name}：", f"{name}: ") if node.label.pick(language()) not in first.label else ""
    return label + first.value[:_LEAD] + ("…" if len(first.value) > _LEAD else "")


def _not_given(node: Input, papers: Mapping[str, _Read]) -> list[Excerpt]:
    """Return that nothing is stated on an item, where its forms were sent and did not ask for it: nothing was claimed.

    Where a form computes something on the item, that says what there is to say.
    """
    parts = (
        (papers[form].paper.form, path)
        for form, _, path in (one.partition(".") for one in node.beside)
        if form in papers
    )
    if any(computed_at(form, path) for form, path in parts):
        return []
    for named in node.beside:
        form, _, path = named.partition(".")
        fields = papers[form].paper.form.fields() if form in papers else ()
        label = next((one.label for one in fields if one.path == path), None)
        if label is not None:
            return [Excerpt(label.pick(language()), t("没有填报", "not stated"))]
    return []


def _excerpts(named: str, papers: Mapping[str, _Read]) -> tuple[Excerpt, ...]:
    form, _, path = named.partition(".")
    return papers[form].excerpts.at(path) if form in papers else ()
