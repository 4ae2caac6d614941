"""Settings have effects: what a city may choose is read by something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.catalog.counting import TIME_KEYS
from service.catalog.parameters import Basis, Parameter
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, unknown_clause, warning
from service.catalog.rules.registry import Extent, check
from service.catalog.setting_reach import declared, reach, settings_of
from service.catalog.source.newest import of_newest
from service.domain.ballots.rules import NAMES
from service.domain.text import Text

INTERPRETED = frozenset(
    {
        *NAMES,
        "recusal_of_voters",
        "recusal_scope",
        "reminders_before_working_days",
        "reminders_after_working_days",
        "reminders_daily_digest",
        "public_sanctions",
    }
)
"""Names of parameters that the program itself reads."""

TOLD = frozenset(
    {
        "reconsideration_days",
        "litigation_months",
        "reconsideration_of_government",
        "reconsideration_of_office",
        "inquiry_contact",
    }
)
"""What a decision must tell whom it meets, and whom to ask: that letters say it is the effect."""

_WORDS: Mapping[str, re.Pattern[bytes]] = {
    ".bpmn": re.compile(rb"<\w+:property name=\"(?:consequence|title)\" value=(?:\"[^\"]*\"|'[^']*') */>"),
    ".json": re.compile(
        rb'"(?:text|label|title|description|help|ruleMessage)\w*"\s*:\s*"(?:[^"\\]|\\.)*"|\bsetting(?:_en)?\.\w+'
    ),
    ".yaml": re.compile(rb"(?m)^ *(?:consequence|title)(?:_en)?: .*$"),
}
"""What of a file of each kind is only read by people."""
_DOCUMENTS = "/documents/"
_READ = re.compile(rb"\b(?:param|setting|setting_en)\.(\w+)|get value\(param, (?:\"|\\\"|&quot;)(\w+)")
_READERS = (".bpmn", ".dmn", ".json", ".yaml")


@check(Extent.PACKAGE, "idle_parameter")
def settings_read(checked: Checked) -> Iterator[Problem]:
    """What the text leaves open has an effect: something reads the parameter, or the program carries its key out."""
    read = settings_in(checked.package.files)
    for ident, parameter in checked.package.award.parameters.items():
        if parameter.source is Basis.DEFAULT and ident not in read and not is_interpreted(parameter):
            yield warning(
                checked.package.parameters_file, f"parameters.{ident}", "idle_parameter",
                f"“{parameter.name}”没有任何环节读取，改了也不起作用。",
                f"Nothing reads “{parameter.name_en}”: changing it changes nothing.",
                Text(
                    f"在流程图、决策表或表单中读取 param.{ident}，或者改用系统自行执行的 key。",
                    f"Read param.{ident} in a diagram, table or form, or give it a key that the program carries out.",
                ),
            )  # fmt: skip


@check(Extent.PACKAGE, "worded_parameter")
def settings_act(checked: Checked) -> Iterator[Problem]:
    """What the text leaves open changes what happens, not only what is written in texts, labels and documents."""
    read, acting = settings_in(checked.package.files), settings_in(checked.package.files, acting=True)
    for ident, parameter in checked.package.award.parameters.items():
        if parameter.source is Basis.DEFAULT and ident in read - acting - TOLD and not is_interpreted(parameter):
            yield warning(
                checked.package.parameters_file, f"parameters.{ident}", "worded_parameter",
                f"“{parameter.name}”只写进文字，改了不改变办理。",
                f"Only texts read “{parameter.name_en}”: changing it changes words and nothing else.",
                Text(
                    f"在条件、期限、办理角色或者操作参数中读取 param.{ident}。",
                    f"Read param.{ident} in a condition, a period, a role or what an operation is given.",
                ),
            )  # fmt: skip


@check(Extent.PACKAGE, "undeclared_reach")
def settings_declare(checked: Checked) -> Iterator[Problem]:
    """A setting declares every clause that comes out differently by another choice: no choice switches others off."""
    package, reached = checked.package, reach(checked.package)
    for parameter in settings_of(package):
        depending = reached.get(parameter.id, {})
        for clause in sorted(set(depending) - declared(parameter)):
            file, place = depending[clause]
            yield warning(
                package.parameters_file, f"parameters.{parameter.id}", "undeclared_reach",
                f"“{parameter.name}”决定了{clause}（{file}#{place}），没有写明。",
                f"“{parameter.name_en}” decides on {clause} ({file}#{place}) and does not say so.",
                Text(
                    f"确应随这一设置变化的，在 touches 中写上 {clause}；不应变化的，从条件中去掉 param.{parameter.id}。",
                    f"If the choice may change it, add {clause} to touches; if not, take param.{parameter.id} out of the condition.",
                ),
            )  # fmt: skip


@check(Extent.PIECES, "unknown_clause")
def touched_known(checked: Checked) -> Iterator[Problem]:
    """What a parameter touches stands in the register of clauses."""
    law = checked.package.law
    for parameter in checked.package.award.parameters.values():
        for clause in parameter.touches:
            if clause not in law.clauses:
                yield unknown_clause(checked.package.parameters_file, f"parameters.{parameter.id}", clause, law)


def settings_in(files: Mapping[str, bytes], *, acting: bool = False) -> frozenset[str]:
    """Return the names of the parameters that files of a package read; ``acting``: elsewhere than in texts for people.

    Texts are documents, labels, help and other texts of forms, and the consequence or title of a task or an action.
    """
    read = (_names(path, content, acting) for path, content in files.items()
            if not (acting and _DOCUMENTS in path))  # fmt: skip
    return frozenset[str]().union(*read)


@of_newest(lambda *given: f"{given[0]} {given[2]}")
def _names(path: str, content: bytes, acting: bool) -> frozenset[str]:
    kind = path[path.rfind(".") :]
    rest = _WORDS[kind].sub(b"", content) if acting and kind in _WORDS else content
    found = _READ.findall(rest) if kind in _READERS else ()
    return frozenset((one or other).decode() for one, other in found)


def is_interpreted(parameter: Parameter) -> bool:
    """Tell whether the program itself carries the parameter out, wherever it stands."""
    return parameter.key in TIME_KEYS or parameter.id in INTERPRETED
