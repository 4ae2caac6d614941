"""References: forms, decisions and called processes that are named exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from service.catalog.bpmn.model import Kind, split_words
from service.catalog.bpmn.vocabulary import is_key
from service.catalog.calendars.calendars import bundled_calendars
from service.catalog.documents.documents import BUNDLED_LAYOUTS, DocumentTemplate
from service.catalog.feel import FUNCTIONS, compiled
from service.catalog.forms.forms import fields_of_file, places_of_file
from service.catalog.problems import Problem, did_you_mean, suggest_word
from service.catalog.rules.context import Checked, build_error_problem, is_shared
from service.catalog.rules.places import label_of, label_of_form
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelLimitExceeded, FeelSyntaxError, nodes
from service.domain.feel.free import reads_of
from service.domain.text import Text

_CHOOSE = Text(
    "选中它，在“被调用的流程”里按名称选一个；要新画的，先在“流程图”里新建。",
    "Choose it, and take one by its name under “Called process”; draw a new one under “Diagrams” first.",
)


@check(Extent.PROCESS, "form_missing")
def task_has_form(checked: Checked) -> Iterator[Problem]:
    """Every user task names a form."""
    for diagram, element in checked.elements():
        if element.kind is Kind.USER_TASK and not element.form:
            label = label_of(diagram, element.id)
            yield build_error_problem(
                diagram.file, element.id, "form_missing",
                f"任务“{label.zh}”没有指定表单。", f"Task “{label.en}” names no form.",
                Text("选一张表单。", "Choose a form."),
            )  # fmt: skip


@check(Extent.PACKAGE, "unknown_form")
def forms_exist(checked: Checked) -> Iterator[Problem]:
    """Forms that are named exist."""
    award_file = checked.package.award_file
    award = checked.package.award
    named = [(diagram.file, element.id, element.form) for diagram, element in checked.elements()]
    named += [(award_file, f"processes.{key}.start_form", p.start_form or "") for key, p in award.processes.items()]
    named += [(award_file, f"actions.{key}.form", a.form or "") for key, a in award.actions.items()]
    for file, place, form in named:
        if form and not checked.package.has_form(form):
            yield build_error_problem(
                file, place, "unknown_form", f"没有表单“{form}”。", f"There is no form “{form}”.",
                did_you_mean(form, checked.package.forms),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_beside")
def parts_beside_exist(checked: Checked) -> Iterator[Problem]:
    """What stands beside a field is a part of a form."""
    files = {ident: checked.package.forms[ident] for ident in checked.schemas}
    places = {ident: places_of_file(checked.package.files[path], path) for ident, path in files.items()}
    for ident, path in files.items():
        fields = fields_of_file(checked.package.files[path], path)
        named = [(field.id, beside_part) for field in fields for beside_part in field.beside]
        for component, part in named:
            form, _, place = part.partition(".")
            if place in places.get(form, ()):
                continue
            names = [f"{form}.{other}" for other in places[form]] if form in places else places
            yield build_error_problem(
                checked.package.forms[ident], component, "unknown_beside",
                f"beside 中的“{part}”不是任何表单的部分。", f"“{part}” in beside is no part of a form.",
                did_you_mean(part if form in places else form, names),
            )  # fmt: skip


@check(Extent.PROCESS, "route_not_in_form", "undeclared_variable")
def routes_in_form(checked: Checked) -> Iterator[Problem]:
    """Keys that route are fields of the form and declared variables of the process."""
    for diagram, element in checked.elements():
        for key in filter(is_key, element.routes):
            fields = checked.keys.get(element.form)
            if fields is not None and key not in fields:
                form = label_of_form(checked, element.form)
                yield build_error_problem(
                    diagram.file, element.id, "route_not_in_form",
                    f"“后面的判断要用的字段”（routes）中的“{key}”不是表单{form.zh}的字段。",
                    f"“{key}” of the fields that later decisions read (routes) is no field of form {form.en}.", did_you_mean(key, fields),
                )  # fmt: skip
            if key not in diagram.variables:
                yield build_error_problem(
                    diagram.file, element.id, "undeclared_variable",
                    f"“后面的判断要用的字段”（routes）中的“{key}”没有列入“流程中用到的数据”（variables）。",
                    f"“{key}” of the fields that later decisions read (routes) is not among the data of the process (variables).",
                    Text(
                        f"在右边面板的“流程中用到的数据”中增加“{key}”（例如文字，string）。",
                        f"Add “{key}” to the data of the process in the panel (a text, string, for example).",
                    ),
                    word=key,
                )  # fmt: skip


@check(Extent.PROCESS, "prefill_not_in_form")
def first_values_in_form(checked: Checked) -> Iterator[Problem]:
    """First values are of fields of the form, or of names that its formulas read: others are dropped."""
    for diagram, element in checked.elements():
        schema = checked.schemas.get(element.form) if element.prefill else None
        if schema is None:
            continue
        path = checked.package.forms[element.form]
        if is_shared(diagram.file) and not is_shared(path):
            continue  # a city's own form may do without what others show
        fields = {field.path for field in fields_of_file(checked.package.files[path], path)}
        read = split_words(str((schema.get("properties") or {}).get("variables", "")))
        for key in _first_values(element.prefill):
            if key not in fields and key.partition(".")[0] not in read:
                form = label_of_form(checked, element.form)
                yield build_error_problem(
                    diagram.file, element.id, "prefill_not_in_form",
                    f"prefill 中的“{key}”不是表单{form.zh}的字段，不会显示出来。",
                    f"“{key}” in prefill is no field of form {form.en} and is shown nowhere.",
                    did_you_mean(key, {*fields, *read} - {""}),
                )  # fmt: skip


def _first_values(prefill: str) -> Iterator[str]:
    """Yield the paths that the first values of a task write out, those in the rows of lists included."""
    try:
        yield from _paths_within(compiled(prefill).node, "")
    except (FeelSyntaxError, FeelLimitExceeded):
        return  # reported as a formula


def _paths_within(node: nodes.Node, path: str) -> Iterator[str]:
    if isinstance(node, nodes.For):
        yield from _paths_within(node.body, path)
    elif isinstance(node, nodes.ContextLiteral):
        later: set[str] = set()
        for key, value in reversed(node.entries):
            inner = f"{path}.{key}" if path else key
            if key not in later:  # what a later entry is computed from need not be shown
                yield inner
            later |= reads_of(value, FUNCTIONS).names
            yield from _paths_within(value, inner)


@check(Extent.PROCESS, "unknown_table")
def decisions_exist(checked: Checked) -> Iterator[Problem]:
    """A business rule task names a table there is."""
    for diagram, element in checked.elements():
        named = element.kind is Kind.RULE_TASK and element.operation is None and element.decision
        if named and element.decision not in checked.package.tables:
            yield build_error_problem(
                diagram.file, element.id, "unknown_table",
                f"没有决策表“{element.decision}”。", f"There is no table “{element.decision}”.",
                did_you_mean(element.decision, checked.package.tables),
            )  # fmt: skip


@cache
def _list_shared_processes() -> frozenset[str]:
    """Return the processes that come with the program for all places: a package holds of them only those that it calls."""
    folder = bundled_calendars().parents[1] / "processes" / "shared"
    return frozenset(f"shared_{path.stem}" for path in folder.glob("*.bpmn"))


@check(Extent.PACKAGE, "unknown_process")
def called_exist(checked: Checked) -> Iterator[Problem]:
    """A call activity calls a process there is."""
    for diagram, element in checked.elements():
        if element.kind is Kind.CALL and element.called not in checked.package.processes:
            label = label_of(diagram, element.id)
            yield build_error_problem(
                diagram.file, element.id, "unknown_process",
                f"没有流程“{element.called}”。" if element.called else f"调用“{label.zh}”还没有选流程。",
                f"There is no process “{element.called}”." if element.called else f"Call “{label.en}” names no process yet.",
                suggest_word(element.called, {*checked.package.processes, *_list_shared_processes()}) or _CHOOSE,
            )  # fmt: skip


@check(Extent.PIECES, "unknown_layout")
def layouts_exist(checked: Checked) -> Iterator[Problem]:
    """A layout that a document names is bundled, or lies beside it as .docx and as .typ."""
    package = checked.package
    for template in package.documents.values():
        missing = [e for e in (".docx", ".typ") if package.layout(template.layout + e) is None]
        if missing and (template.layout not in BUNDLED_LAYOUTS or len(missing) == 1):
            yield build_error_problem(
                template.file, template.id, "unknown_layout",
                f"没有版式文件 documents/{template.layout}{'、'.join(missing)}。",
                f"There is no layout documents/{template.layout}{', '.join(missing)}.",
                did_you_mean(template.layout, BUNDLED_LAYOUTS),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_document", "unknown_form", "included_twice")
def parts_of_documents_exist(checked: Checked) -> Iterator[Problem]:
    """What a document includes or attaches exists: a template, a form. An included template includes none itself."""
    package = checked.package
    for template in package.documents.values():
        for name in template.included():
            if name not in package.documents:
                what = Text("引入的文书", "The included document")
                yield _build_missing_problem(template, "unknown_document", what, name, package.documents)
            elif package.document(name).included():
                yield build_error_problem(
                    template.file, template.id, "included_twice",
                    f"引入的文书“{name}”自身不能再引入别的。", f"The included document “{name}” includes another.",
                    Text("直接引入最后的那一份。", "Include the last of them."),
                )  # fmt: skip
        for attachment in template.attachments:
            if attachment.form and attachment.form not in package.parts.forms:
                what = Text(f"附件“{attachment.name}”的表单", f"The form of attachment “{attachment.name}”,")
                yield _build_missing_problem(template, "unknown_form", what, attachment.form, package.parts.forms)
            if attachment.document and attachment.document not in package.documents:
                what = Text(f"附件“{attachment.name}”的文书", f"The document of attachment “{attachment.name}”,")
                yield _build_missing_problem(template, "unknown_document", what, attachment.document, package.documents)


def _build_missing_problem(
    template: DocumentTemplate, rule: str, what: Text, name: str, names: Iterable[str]
) -> Problem:
    message = Text(f"{what.zh}“{name}”不存在。", f"{what.en} “{name}” does not exist.")
    return build_error_problem(template.file, template.id, rule, message.zh, message.en, did_you_mean(name, names))
