"""Clauses: what is cited exists, what exists is carried out or explained, slots are bound, remarks name clauses."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import SLOT, Kind
from service.catalog.coverage.coverage import cited_in, list_package_citations, uncovered_by
from service.catalog.coverage.terms import list_missing_terms
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem, is_shared, unknown_clause
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text
from service.domain.wording.numbers import counted


@check(Extent.PACKAGE, "unknown_clause")
def cited_exist(checked: Checked) -> Iterator[Problem]:
    """A clause that is cited stands in the register."""
    law = checked.package.law
    for citation in list_package_citations(checked.package):
        if citation.clause not in law.clauses:
            yield unknown_clause(citation.file, citation.element, citation.clause, law)


@check(Extent.JURISDICTION, "uncovered_clause")
def clauses_covered(checked: Checked) -> Iterator[Problem]:
    """Every clause is cited, informative, or outside with a reason."""
    law = checked.package.law
    for ident in uncovered_by(law, cited_in(checked.package)):
        clause = law.clauses[ident]
        make = build_warning_problem if ident in law.not_modelled_yet else build_error_problem
        yield make(
            law.file, ident, "uncovered_clause",
            f"{clause.article}（{ident}）没有落实：{clause.summary}",
            f"{clause.article} ({ident}) is not carried out: {clause.summary}",
            Text(
                "让环节、表格行、字段、参数、文书或动作引用它，或者在“条款”页写明“说明性”（informative）或者“流程之外”（outside）的理由。",
                "Cite it in an element, table row, field, parameter, document or action, "
                "or give a reason under informative or outside.",
            ),
        )  # fmt: skip


@check(Extent.PACKAGE, "term_missing")
def terms_are_read(checked: Checked) -> Iterator[Problem]:
    """The terms of a clause stand in the words of what cites it."""
    law = checked.package.law
    for ident, citations in cited_in(checked.package).items():
        clause = law.clauses.get(ident)
        if clause is None or not clause.terms:
            continue
        for term in list_missing_terms(checked.package, clause.terms, citations):
            yield build_error_problem(
                law.file, ident, "term_missing",
                f"{clause.article}（{ident}）的用语“{term}”没有写在落实它的地方。",
                f"No place that cites {clause.article} ({ident}) says its term “{term}”.",
                Text(
                    "写进引用这一条的字段、选项、环节、表格行或者文书；条文不用这个词的，从条款的用语（terms）中删去。",
                    "Write it into a field, choice, step, row or document that cites the clause, "
                    "or take it off the terms of the clause (terms).",
                ),
                word=term,
            )  # fmt: skip


@check(Extent.PACKAGE, "unknown_clause", "carried_out_already")
def postponed_exist(checked: Checked) -> Iterator[Problem]:
    """Clauses left for later stand in the register and are not carried out already."""
    law = checked.package.law
    carried = cited_in(checked.package)
    for ident in sorted(law.not_modelled_yet):
        if ident not in law.clauses:
            yield unknown_clause(law.file, "not_modelled_yet", ident, law)
        elif ident in carried:
            yield build_warning_problem(
                law.file, "not_modelled_yet", "carried_out_already",
                f"“{ident}”已经落实，不必再列为待建。", f"“{ident}” is carried out and need not be listed here.",
                Text("清空“留待以后落实，理由”（not_modelled_yet）。", "Empty “Left for later, because” (not_modelled_yet)."),
            )  # fmt: skip


@check(Extent.PIECES, "reason_missing")
def postponed_with_reason(checked: Checked) -> Iterator[Problem]:
    """Clauses left for later have a reason."""
    law = checked.package.law
    if law.not_modelled_yet and not law.not_modelled_reason:
        yield build_error_problem(
            law.file, "not_modelled_yet.reason", "reason_missing",
            "待建条款没有写明理由。", "The clauses left for later have no reason.", Text("填写理由（reason）。", "Enter the reason (reason)."),
        )  # fmt: skip


@check(Extent.PIECES, "remark_without_clause", "unknown_clause")
def remarks_name_clauses(checked: Checked) -> Iterator[Problem]:
    """A remark names the clauses it is about, and they stand in the register."""
    law = checked.package.law
    for number, remark in enumerate(law.remarks, 1):
        place = f"remarks[{number}].clauses"
        if not remark.clauses:
            yield build_error_problem(
                law.file, place, "remark_without_clause",
                "按语没有写明针对哪一条款。", "The remark does not say which clause it is about.",
                Text("选择依据的条款（clauses）。", "Choose the clauses (clauses)."),
            )  # fmt: skip
        for ident in remark.clauses:
            if ident not in law.clauses:
                yield unknown_clause(law.file, place, ident, law)


@check(Extent.PIECES, "amendment_without_clause", "unknown_clause")
def amendments_cite(checked: Checked) -> Iterator[Problem]:
    """An amendment that reaches running cases cites the clause that says so."""
    law = checked.package.law
    if law.amendment is None:
        return
    if law.amendment.applies_to_running and not law.amendment.clauses:
        yield build_error_problem(
            law.file, "amendment.clauses", "amendment_without_clause",
            "修订适用于进行中的办件，却没有引用作此规定的条款。",
            "The amendment reaches running cases but cites no clause that says so.",
            Text(
                "选择作此规定的条款（clauses），或者写明在办的按启动时的版本办完（不写 applies_to_running）。",
                "Choose the clauses that say so (clauses), or let running cases keep their version (no applies_to_running).",
            ),
        )  # fmt: skip
    for ident in law.amendment.clauses:
        if ident not in law.clauses:
            yield unknown_clause(law.file, "amendment.clauses", ident, law)


@check(Extent.PROCESS, "unknown_slot")
def slots_declared(checked: Checked) -> Iterator[Problem]:
    """A slot that an element cites is declared by its process."""
    for diagram, element in checked.elements():
        cited = [*element.clauses, *(word for words in element.slots.values() for word in words)]
        for word in cited:
            slot = word.removeprefix(SLOT)
            if word.startswith(SLOT) and slot not in diagram.slots:
                yield build_error_problem(
                    diagram.file, element.id, "unknown_slot", f"流程没有声明条款槽“{slot}”。", f"The process declares no slot “{slot}”.",
                    did_you_mean(slot, diagram.slots),
                )  # fmt: skip


@check(Extent.PACKAGE, "slot_unbound", "to_be_cited", "unknown_slot")
def slots_bound(checked: Checked) -> Iterator[Problem]:
    """A call binds every slot of what it calls, and no other; one that is left empty is still to be cited."""
    for diagram, element in checked.elements():
        called = checked.package.processes.get(element.called)
        if element.kind is not Kind.CALL or called is None:
            continue
        label = label_of(diagram, element.id)
        open_ones = [slot for slot in called.slots if slot in element.slots and not element.slots[slot]]
        if open_ones:
            yield _to_be_cited(diagram.file, element.id, label, len(open_ones))
        for slot in called.slots:
            if slot not in element.slots:
                yield build_error_problem(
                    diagram.file, element.id, "slot_unbound",
                    f"调用“{label.zh}”没有绑定条款槽“{slot}”。", f"Call “{label.en}” does not bind slot “{slot}”.",
                    Text(
                        f"选中这个调用，在右边的面板里为“{slot}”选条款（属性 slots：{slot}=条款编号）。",
                        f"Choose the call, and clauses for “{slot}” in the panel beside it (property slots: {slot}=clause id).",
                    ),
                )  # fmt: skip
        for slot in element.slots:
            if slot not in called.slots:
                yield build_error_problem(
                    diagram.file, element.id, "unknown_slot",
                    f"流程“{called.name}”没有条款槽“{slot}”。", f"Process “{called.name}” has no slot “{slot}”.",
                    did_you_mean(slot, called.slots) if called.slots else _not_asked(slot),
                )  # fmt: skip


def _not_asked(slot: str) -> Text:
    """Say what to do with clauses that are bound for a process which asks for none, as after another one was chosen."""
    return Text(
        f"它不向本地要条款：选中这个调用，把“其中的条款（{slot}）”里的条款移去，引用到别的图形上。",
        f"It asks for no clauses: choose the call, take those under “Clauses inside ({slot})” away, and cite them elsewhere.",
    )


def _to_be_cited(file: str, call: str, label: Text, count: int) -> Problem:
    return build_warning_problem(
        file, call, "to_be_cited",
        f"调用“{label.zh}”有{count}处还没有选依据的条款（待引用）。",
        f"Call “{label.en}” has {counted(count, 'place')} whose clause is still to be cited.",
        Text(
            "选中它，在“条款”一栏逐处选本地的条款；或者在“条款”中用“落实这一条”。",
            "Choose it and give each place its clause in the panel, or use “Carry this clause out” under Clauses.",
        ),
    )  # fmt: skip


@check(Extent.PROCESS, "clause_in_shared")
def shared_cites_slots(checked: Checked) -> Iterator[Problem]:
    """A shared diagram cites slots only: it belongs to no city."""
    for diagram, element in checked.elements():
        for clause in element.clauses if is_shared(diagram.file) else ():
            if not clause.startswith(SLOT):
                yield build_error_problem(
                    diagram.file, element.id, "clause_in_shared",
                    f"通用流程图直接引用了条款“{clause}”。", f"A shared diagram cites clause “{clause}” itself.",
                    Text(
                        "改为引用“各地的条款”（slot:名称），由各地在调用处选定。",
                        "Cite a clause of the place (slot:name), which each place chooses where it calls.",
                    ),
                )  # fmt: skip


@check(Extent.PACKAGE, "clause_in_shared")
def shared_cites_nothing(checked: Checked) -> Iterator[Problem]:
    """A shared form, table or document cites nothing: the element that uses it does, by a slot."""
    for citation in list_package_citations(checked.package):
        if is_shared(citation.file) and citation.file not in checked.package.diagrams:
            yield build_error_problem(
                citation.file, citation.element, "clause_in_shared",
                f"通用的表单、决策表或者文书直接引用了条款“{citation.clause}”。",
                f"A shared form, table or document cites clause “{citation.clause}” itself.",
                Text(
                    "删去，由使用它的图形引用（通用流程图中引用“各地的条款”，即 slot:名称）；只适用于一地的，改放在该地的文件夹中。",
                    "Take it out and let the element that uses it cite (in a shared diagram a clause of the place, slot:name), "
                    "or put a piece of one place alone into its folder.",
                ),
            )  # fmt: skip
