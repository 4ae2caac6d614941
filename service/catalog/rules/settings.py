"""Settings have effects: what a city may choose is read by something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.coverage.parameter_readers import list_unread_parameters
from service.catalog.parameters.parameters import Basis
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem, unknown_clause
from service.catalog.rules.registry import Extent, check
from service.catalog.settings.setting_reach import list_declared_clauses, reach, settings_of
from service.domain.text import Text

_BANS = re.compile(r"ban_years: ?param\.(\w+)")
_ON_RECORD = "register.sanctions"


@check(Extent.PACKAGE, "idle_parameter", "cited_not_read")
def settings_read(checked: Checked) -> Iterator[Problem]:
    """A parameter has an effect: something reads it, or the program carries its key out; citing a clause by it does nothing."""
    for parameter in list_unread_parameters(checked.package):
        place = f"parameters.{parameter.id}"
        if parameter.source is Basis.DEFAULT:
            yield build_warning_problem(
                checked.package.parameters_file, place, "idle_parameter",
                f"“{parameter.name}”没有任何环节读取，改了也不起作用。",
                f"Nothing reads “{parameter.name_en}”: changing it changes nothing.",
                Text(
                    f"在流程图、决策表或表单中读取 param.{parameter.id}；用不着的，删去这个参数。",
                    f"Read param.{parameter.id} in a diagram, table or form, or remove the parameter.",
                ),
            )  # fmt: skip
        elif parameter.clauses:
            articles = "、".join(dict.fromkeys(checked.package.law.article(clause) for clause in parameter.clauses))
            yield build_warning_problem(
                checked.package.parameters_file, place, "cited_not_read",
                f"{articles}引用了，但参数没有用上：“{parameter.name}”没有任何环节读取，写多少都不起作用，不算落实。",
                f"{articles} is cited, but its parameter is not used: nothing reads “{parameter.name_en}”, whatever it says "
                "has no effect, and the clause is not carried out by it.",
                Text(
                    f"在条件、期限、决策表或者操作参数中读取 param.{parameter.id}；没有地方能用上的，删去参数，把这一条记为“留待以后”。",
                    f"Read param.{parameter.id} in a condition, a period, a table or what an operation is given; where nothing "
                    "can use it, remove it and leave the clause for later.",
                ),
            )  # fmt: skip


@check(Extent.PACKAGE, "bar_not_kept")
def check_bar_years(checked: Checked) -> Iterator[Problem]:
    """The years after a revocation in which nobody may apply are read again when somebody does: by a row of the conditions."""
    package = checked.package
    cells = (cell for table in package.tables.values() for row in table.rows for cell in (*row.inputs, *row.outputs))
    if any(_ON_RECORD in cell for cell in cells):
        return
    diagrams = (item for item in package.diagrams.items() if item[0].startswith(f"processes/{package.key}/"))
    for path, element in ((path, element) for path, diagram in diagrams for element in diagram.elements.values()):
        texts = (*element.properties.values(), *(element.operation.parameters.values() if element.operation else ()))
        barring = {ident for formula in texts for ident in _BANS.findall(formula)}
        for ident in sorted(barring & package.award.parameters.keys()):
            parameter = package.award.parameters[ident]
            if parameter.values and parameter.values[-1].value not in (0, None):
                yield build_warning_problem(
                    path, element.id, "bar_not_kept",
                    f"“{parameter.name}”只记录在案：条件表没有一行看它，被撤销的组织仍然可以申报。",
                    f"“{parameter.name_en}” is only put on record: no row of the conditions looks at it, and whoever was revoked "
                    "may apply again.",
                    Text(
                        "在条件表中加一行，查 register.sanctions 里还在期限内的禁报（effect = \"ban\"）。",
                        "Add a row to the conditions that looks in register.sanctions for a bar (effect = \"ban\") that still runs.",
                    ),
                )  # fmt: skip


@check(Extent.PACKAGE, "undeclared_reach")
def settings_declare(checked: Checked) -> Iterator[Problem]:
    """A setting declares every clause that comes out differently by another choice: no choice switches others off."""
    package, reached = checked.package, reach(checked.package)
    for parameter in settings_of(package):
        depending = reached.get(parameter.id, {})
        for clause in sorted(set(depending) - list_declared_clauses(parameter)):
            file, place = depending[clause]
            yield build_warning_problem(
                package.parameters_file, f"parameters.{parameter.id}", "undeclared_reach",
                f"“{parameter.name}”决定了{clause}（{file}#{place}），没有写明。",
                f"“{parameter.name_en}” decides on {clause} ({file}#{place}) and does not say so.",
                Text(
                    f"确应随这一设置变化的，把 {clause} 写进“这一设置也会改变的条款”（touches）；不应变化的，从条件中去掉 param.{parameter.id}。",
                    f"If so wanted, add {clause} to what the setting also changes (touches); if not, take param.{parameter.id} out of the condition.",
                ),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_clause")
def check_touched_clauses(checked: Checked) -> Iterator[Problem]:
    """What a parameter touches stands in the register of clauses."""
    law = checked.package.law
    for parameter in checked.package.award.parameters.values():
        for clause in parameter.touches:
            if clause not in law.clauses:
                yield unknown_clause(checked.package.parameters_file, f"parameters.{parameter.id}", clause, law)
