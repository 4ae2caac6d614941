"""The sample record on which formulas, tables and documents of a draft are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_tree import DraftTree
from service.catalog import Package
from service.catalog.feel import compiled
from service.catalog.formula_help.sample import Sample, sample_of
from service.catalog.formula_help.trial import Trial
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import CHINA
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text

_MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What a formula reads while it is tried: the record's title, its values, and the environment of time."""

    title: Text
    values: Mapping[str, Any]
    trial: Trial


def trial_record(desk: Desk, tree: DraftTree, facts: Mapping[str, str]) -> TrialRecord:
    """Return the sample of a draft with ``facts`` laid over it: FEEL by dotted path, which may read the record.

    Raises Invalid where a fact is no FEEL value.
    """
    sample = sample_of_draft(tree)
    trial = sample_time(desk, tree.package, sample)
    return TrialRecord(sample.title, _laid_over(sample.values, facts, trial), trial)


def sample_time(desk: Desk, package: Package, sample: Sample) -> Trial:
    """Return the environment of time in which the sample of a draft is read."""
    counting = counting_of(package.jurisdiction, package.award.time_settings, sample.values["param"])
    return Trial(datetime.combine(sample.day, time(9), CHINA), desk.calendar(package.jurisdiction.calendar), counting)


def sample_of_draft(tree: DraftTree) -> Sample:
    """Return the sample record of a draft at its revision, made once and let go with the package."""
    package = tree.package
    folder = f"processes/{package.key}/scenarios/"

    def made() -> Sample:
        return sample_of(package, {p: data for p, data in tree.filled.items() if p.startswith(folder)})

    return package.derived("sample record", made)


def _laid_over(values: Mapping[str, Any], facts: Mapping[str, str], trial: Trial) -> Mapping[str, Any]:
    if len(facts) > _MOST_FACTS:
        raise Invalid(
            Text(f"一次最多改 {_MOST_FACTS} 个事实。", f"At most {_MOST_FACTS} facts can be changed at once.")
        )
    if not facts:
        return values
    changed: dict[str, Any] = dict(values)
    for path, text in facts.items():
        parts = path.split(".")
        _put(changed, parts, _value(path, text, values, trial))
    return changed


def _put(values: dict[str, Any], parts: list[str], value: object) -> None:
    if len(parts) == 1:
        values[parts[0]] = value
        return
    inside = values.get(parts[0])
    values[parts[0]] = held = dict(inside) if isinstance(inside, Mapping) else {}
    _put(held, parts[1:], value)


def _value(path: str, text: str, values: Mapping[str, Any], trial: Trial) -> object:
    try:
        return compiled(text or "null").evaluate(values, trial)
    except LaurelError as mistake:
        raise Invalid(
            Text(
                f'“{path}”的值“{text[:60]}”写得不对：{mistake.message.zh}文字要加英文引号，例如 "yes"。',
                f'The value “{text[:60]}” of “{path}” is wrong: {mistake.message.en} Texts stand in quotes, such as "yes".',
            )
        ) from mistake
