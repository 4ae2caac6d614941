"""What reads a parameter: the names that the files of a package read, and those that the program carries out itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.catalog.package import Package
from service.catalog.parameters.counting import TIME_KEYS
from service.catalog.parameters.parameters import Parameter
from service.catalog.source.newest import by_file, of_newest
from service.domain.ballots.rules import NAMES

INTERPRETED = frozenset(
    {
        *NAMES,
        "recusal_of_voters",
        "recusal_scope",
        "interest_definition",
        "interest_lookback_years",
        "consulting_lookback_months",
        "reminders_before_working_days",
        "reminders_after_working_days",
        "reminders_daily_digest",
        "public_sanctions",
        "publish_item_scores",
        "score_words",
        "inquiry_contact",
    }
)
"""Names of parameters that the program itself reads."""

_READ = re.compile(rb"\b(?:param|setting|setting_en)\.(\w+)|get value\(param, (?:\"|\\\"|&quot;)(\w+)")
_READERS = (".bpmn", ".dmn", ".json", ".yaml")


def files_reading(files: Mapping[str, bytes]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each file with the names of the parameters that it reads anywhere, in texts for people too."""
    for path, content in files.items():
        if names := _find_names(content, path):
            yield path, names


@of_newest(by_file)
def _find_names(content: bytes, path: str) -> frozenset[str]:
    matches = _READ.findall(content) if path.endswith(_READERS) else ()
    return frozenset((first or other).decode() for first, other in matches)


def is_interpreted(parameter: Parameter) -> bool:
    """Tell whether the program itself carries the parameter out, wherever it stands."""
    return parameter.key in TIME_KEYS or parameter.id in INTERPRETED


def list_unread_parameters(package: Package) -> tuple[Parameter, ...]:
    """Return the parameters that nothing reads: no element, table, form, document or called piece, nor the program.

    One that the law holds to a single value need not be read: what is drawn cannot come out otherwise.
    """
    return package.derived("unread", lambda: _list_unread(package))


def _list_unread(package: Package) -> tuple[Parameter, ...]:
    read = frozenset[str]().union(*(names for _, names in files_reading(package.files)))
    return tuple(
        p
        for p in package.award.parameters.values()
        if p.id not in read and not is_interpreted(p) and (p.minimum is None or p.minimum != p.maximum)
    )
