"""Items of a request for correction (补正), as the last examination suggests them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os.path import commonpath
from typing import Any

from service.casework.reading.citations import cite
from service.casework.step.decide import finding_of, map_attested_findings, reference_day
from service.casework.step.fill import form_settings
from service.casework.step.step import Step
from service.domain.forms import Form, InputType, correctable
from service.domain.forms.limits import options_of
from service.domain.forms.model import Computed, FormNode, Group, Input, Rows, same_object
from service.domain.forms.normal import NormalField, normal_fields
from service.domain.forms.state import State
from service.domain.values.value_at import value_at
from service.store.models import FormResultRow

_FAULTS = "material_faults"
"""The list of wrong papers in the forms of an examination: material, fault (a choice), basis."""
_NOT_MET, _UNKNOWN = "not_met", "unknown"


def draft_items(step: Step, form: Form) -> dict[str, Any]:
    """Return the ``items`` of a form that asks for a correction: what was found wrong, and files that are missing.

    What the last examination says counts, and nothing from before the last request: papers that it names, rows that it
    finds otherwise than normal, and conditions that the program or the examiner finds not met and that rest on the
    form to be corrected. What is wanted of a finding is for the office to say. Nothing where nothing is found.
    """
    if not form.corrects or form.corrects not in step.package.forms:
        return {}
    examination = _last_examination(step, form.id)
    if examination is None:
        return {}
    items = _Items(step, step.desk.packages.form(step.package, form.corrects), examination)
    papers = [*items.wrong_papers(), *items.missing_files()]
    rows = [row for row in items.failed_rows() if not _is_told_by(row, papers)]
    failures = [*papers, *rows, *items.failed_conditions()]
    return {"items": failures} if failures else {}


def _last_examination(step: Step, request: str) -> FormResultRow | None:
    for row in reversed(step.tx.forms.of_case(step.case.id)):
        if row.form == request:
            return None
        if step.desk.packages.form(step.package, row.form).asks_correction:
            return row
    return None


class _Items:
    """Items over one examination of a form, ``target``."""

    def __init__(self, step: Step, target: Form, examination: FormResultRow) -> None:
        self.step, self.target = step, target
        self.answers = examination.data
        self.form = step.desk.packages.form(step.package, examination.form)
        self.settings = form_settings(step.package, step.case.parameters)
        self.labels = {place.path: place.label for place in correctable(target.nodes)}
        sent = step.tx.forms.of_case(step.case.id, target.id)
        self.sent: Mapping[str, Any] = sent[-1].data if sent else {}
        self.uploads = {
            field_info.path: field_info.label for field_info in target.fields() if field_info.type is InputType.UPLOAD
        }

    def wrong_papers(self) -> Iterator[dict[str, Any]]:
        """Yield the papers that the examination names, with what is wrong."""
        files = {label.zh: path.partition("[]")[0] for path, label in self.uploads.items()}
        faults = dict(_fault_labels(self.form.nodes))
        for raw in self.answers.get(_FAULTS) or ():
            paper = str(raw.get("material") or "") if isinstance(raw, Mapping) else ""
            if paper:
                reasons = (faults.get(str(raw.get("fault") or ""), ""), str(raw.get("basis") or ""))
                yield _build_item(paper, files.get(paper), "：".join(filter(None, reasons)), None)

    def missing_files(self) -> Iterator[dict[str, Any]]:
        """Yield the files that the form asks for and that were not sent, or that stand beside a row as still missing."""
        check = self.target.check(self.sent, today=self.step.today, stored={**self.settings, **self.sent})
        absent = {error.path for error in check.errors} | set(self._named_missing())
        for path, label in self.uploads.items():
            if path in absent and not value_at(self.sent, tuple(path.split("."))):
                yield _build_item(label.zh, path, "没有提交", f"补交{label.zh}")

    def _named_missing(self) -> Iterator[str]:
        """Yield what computed texts of the form read that stand beside rows of the examination and are not empty."""
        beside = {part for row in _iterate_inputs(self.form.nodes) for part in row.beside}
        for path, computed in iterate_computed(self.target.nodes, ""):
            text = value_at(self.sent, tuple(path.split(".")))
            if f"{self.target.id}.{path}" in beside and isinstance(text, str) and text:
                yield from map(".".join, computed.formula.expression.paths)

    def failed_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the findings that are not the normal ones, but for what is still to be looked into."""
        state = self.form.state(self.answers, today=self.step.today, stored={**self.settings, **self.answers})
        for row in normal_fields(self.form.nodes, state):
            if row.is_choice and row.found not in (None, row.normal, _UNKNOWN):
                question, cited = row.node.label.zh, self._cited(row.node.clauses)
                defect = f"{_get_option_label(row, state, self.step)}{cited}"
                fields = self._places(part.partition(".")[2] for part in row.node.beside if self._is_target_part(part))
                for field in fields:
                    yield _build_item(self._called(field), field, f"{question}：{defect}", None)
                if not fields:
                    yield _build_item(question, None, defect, None)

    def failed_conditions(self) -> Iterator[dict[str, Any]]:
        """Yield the conditions that are not met by what the form says, or by what was found against it."""
        statements = map_attested_findings(self.step)
        for described in (table for table in self.step.package.tables.values() if table.is_eligibility):
            table = self.step.desk.packages.table(self.step.package, described.id)
            scope = self.step.scope.with_extra({"reference_date": reference_day(self.step, described.id)})
            for row in table.applying_rows(scope, self.step.environment):
                statement = statements.get(row.rule_id, {})
                finding = finding_of(row, statement or None)
                basis = f"：{statement['reason']}" if statement.get("contrary") else ""
                defect = f"{finding.text}{self._cited(finding.clauses)}{basis}"
                reads = (path[1:] for path in table.reads(row.rule_id, "met") if path[:1] == (self.target.id,))
                for field in self._places(map(".".join, reads)) if finding.result == _NOT_MET else ():
                    yield _build_item(self._called(field), field, defect, None)

    def _called(self, field: str) -> str:
        return self.labels[field].zh.rpartition(" › ")[2]

    def _is_target_part(self, part: str) -> bool:
        return part.partition(".")[0] == self.target.id

    def _places(self, paths: Iterable[str]) -> list[str]:
        """Return the parts of the form that hold ``paths``: of those in one group the smallest part that holds them all."""
        groups: dict[str, list[str]] = {}
        for path in paths:
            groups.setdefault(path.partition(".")[0], []).append(path.partition("[]")[0].replace(".", "/"))
        common = (commonpath(inside).replace("/", ".") for inside in groups.values())
        return [place for place in map(self._nearest, common) if place]

    def _nearest(self, path: str) -> str:
        while path and path not in self.labels:
            path = path.rpartition(".")[0]
        return path

    def _cited(self, clauses: Iterable[str]) -> str:
        articles = "、".join(citation.article for citation in cite(self.step.package, clauses))
        return f"（{articles}）" if articles else ""


def _is_told_by(row: Mapping[str, Any], papers: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether ``papers`` say already what is wrong in the part of the form that a finding is about."""
    return row["field"] is not None and any(str(paper["field"]).startswith(f"{row['field']}.") for paper in papers)


def _build_item(part: str, field: str | None, defect: str, wanted: str | None) -> dict[str, Any]:
    return {"part": part, "field": field, "defect": defect, "wanted": wanted}


def _get_option_label(row: NormalField, state: State, step: Step) -> str:
    options = options_of(row.node, state.scope(), step.today)
    return next((option.label.zh for option in options if option.value == row.found), str(row.found))


def _iterate_inputs(nodes: tuple[FormNode, ...]) -> Iterator[Input]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _iterate_inputs(node.children)
        elif isinstance(node, Input):
            yield node


def iterate_computed(nodes: tuple[FormNode, ...], within: str) -> Iterator[tuple[str, Computed]]:
    """Yield what the program finds outside lists, by its path."""
    for node in same_object(nodes):
        if isinstance(node, Computed):
            yield within + node.key, node
        elif isinstance(node, Group):
            yield from iterate_computed(node.children, f"{within}{node.path}.")


def _fault_labels(nodes: tuple[FormNode, ...]) -> Iterator[tuple[str, str]]:
    """Yield the values and labels of the choice of what is wrong with a paper."""
    for node in nodes:
        if isinstance(node, Group):
            yield from _fault_labels(node.children)
        elif isinstance(node, Rows) and node.path == _FAULTS:
            for field in _iterate_inputs(node.children):
                if field.key == "fault" and isinstance(field.options, tuple):
                    yield from ((option.value, option.label.zh) for option in field.options)
