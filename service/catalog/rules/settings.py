"""Settings have effects: what a city may choose is read by something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.catalog.counting import TIME_KEYS
from service.catalog.parameters import Basis, Parameter
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, Rule, warning
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

_READ = re.compile(rb"\b(?:param|setting|setting_en)\.(\w+)|get value\(param, (?:\"|\\\"|&quot;)(\w+)")
_READERS = (".bpmn", ".dmn", ".json", ".yaml")


def settings_read(checked: Checked) -> Iterator[Problem]:
    """What the text leaves open has an effect: something reads the parameter, or the program carries its key out."""
    read = settings_in(checked.package.files)
    for ident, parameter in checked.package.award.parameters.items():
        if parameter.source is Basis.DEFAULT and ident not in read and not is_interpreted(parameter):
            yield warning(
                f"processes/{checked.package.key}/award.yaml", f"parameters.{ident}", "idle_parameter",
                f"“{parameter.name}”没有任何环节读取，改了也不起作用。",
                f"Nothing reads “{parameter.name_en}”: changing it changes nothing.",
                Text(
                    f"在流程图、决策表或表单中读取 param.{ident}，或者改用系统自行执行的 key。",
                    f"Read param.{ident} in a diagram, table or form, or give it a key that the program carries out.",
                ),
            )  # fmt: skip


def settings_in(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the names of the parameters that files of a package read."""
    found = (pair for path, content in files.items() if path.endswith(_READERS) for pair in _READ.findall(content))
    return frozenset((one or other).decode() for one, other in found)


def is_interpreted(parameter: Parameter) -> bool:
    """Tell whether the program itself carries the parameter out, wherever it stands."""
    return parameter.key in TIME_KEYS or parameter.id in INTERPRETED


RULES: tuple[Rule, ...] = (settings_read,)
