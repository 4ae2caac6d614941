"""The vote in the hall: tallied by two tellers independently, counted only when the tallies agree.

A sheet holds totals, never papers: with one slip per question they come to the same, and there is
nothing in it that could be tied to a person. The first sheet waits encrypted for the second.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from service.domain.ballots.agenda import Agenda
from service.domain.ballots.papers import Mark, question_name
from service.domain.ballots.rules import MarkUnit, Rules
from service.domain.ballots.urn import Handful, UrnDamaged
from service.domain.errors import Invalid
from service.domain.proof.algorithms import AES, CipherKey
from service.domain.text import Text

_NONCE, _SIZE = 12, 16384
_MORE_THAN_ISSUED = Text(
    "箱内的选票确实多于发出的，这次表决无效：请在表决页面“作废并重新发起”。",
    " Where there are more papers in the box than were handed out the vote is void: make it void and call it anew.",
)


MEMBERS, SPOILED = "member", "spoiled"
"""Where a sheet says who handed in a paper, and how many are spoiled; marks stand under the key of their question."""


class BadSheet(Invalid):
    """A tally that cannot be right; nothing was kept. ``faults`` says what is wrong where."""

    code = "bad_sheet"

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__(next(iter(faults.values())))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class HallSheet:
    """What a teller counted: who handed in papers (``numbers`` on the roll), spoiled ones, marks per question key."""

    numbers: tuple[int, ...]
    spoiled: int
    marks: Mapping[str, tuple[int, int, int]]


def check_sheet(sheet: HallSheet, issued: int, agenda: Agenda, rules: Rules, names: Mapping[str, str]) -> Handful:
    """Return the papers of a sheet; ``issued`` is how many were given to those who handed in, ``names`` the candidates'.

    Raises:
        BadSheet: nobody handed in, negative numbers, or sums that do not give the valid papers.
    """
    valid = issued - sheet.spoiled
    faults = dict(_faults_of_marks(sheet, valid if issued > 0 and sheet.spoiled >= 0 else None, agenda, rules, names))
    if sheet.spoiled < 0:
        faults = {SPOILED: Text("作废的张数请填写整数。", "Enter the spoiled papers as a whole number."), **faults}
    elif issued > 0 > valid:
        faults = {
            SPOILED: Text(
                f"在场交回的选票为{issued}张，作废{sheet.spoiled}张，数目不合理，请核对。",
                f"{issued} papers came back in the hall and {sheet.spoiled} are spoiled: that cannot be.",
            )
        }
    if issued < 1:
        faults = {MEMBERS: Text("请勾选交回纸质选票的成员。", "Tick the members who handed in a paper."), **faults}
    if faults:
        raise BadSheet(faults)
    if rules.unit is MarkUnit.APPROVAL:
        _require_few(sheet, valid, agenda)
    slips = {
        question: [mark for mark, n in zip(Mark, _counts_of(sheet, question.key), strict=True) for _ in range(n)]
        for question in agenda.questions(rules.unit)
    }
    return Handful(valid, sheet.spoiled, slips)


def _counts_of(sheet: HallSheet, key: str) -> tuple[int, int, int]:
    return sheet.marks.get(key, (0, 0, 0))


def _faults_of_marks(
    sheet: HallSheet, valid: int | None, agenda: Agenda, rules: Rules, names: Mapping[str, str]
) -> Iterator[tuple[str, Text]]:
    """Yield by its key what is wrong with a question; ``valid`` is None where nobody can say how many papers there are."""
    for question in agenda.questions(rules.unit):
        counts, name = _counts_of(sheet, question.key), question_name(question, names)
        if min(counts) < 0:
            yield (
                question.key,
                Text(f"“{name.zh}”的票数请填写整数。", f"Enter the marks for “{name.en}” as whole numbers."),
            )
        elif valid is not None and sum(counts) != valid:
            yield (
                question.key,
                Text(
                    f"“{name.zh}”的同意、不同意、弃权合计{sum(counts)}张，应为有效票{valid}张，请核对后再录入。"
                    f"{_MORE_THAN_ISSUED.zh if sum(counts) > valid else ''}",
                    f"The marks for “{name.en}” add up to {sum(counts)}; there are {valid} valid papers. Check them."
                    f"{_MORE_THAN_ISSUED.en if sum(counts) > valid else ''}",
                ),
            )


def _require_few(sheet: HallSheet, valid: int, agenda: Agenda) -> None:
    for contest in agenda.contests:
        keys = [question.key for question in contest.questions(MarkUnit.APPROVAL)]
        chosen = sum(_counts_of(sheet, key)[0] for key in keys)
        if chosen > contest.places * valid:
            fault = Text(
                f"同意票合计{chosen}，超过{valid}张有效票每张至多{contest.places}个的总数；多选的选票应计入作废。",
                f"{chosen} marks in favour are more than {valid} papers can hold: papers with too many are spoiled.",
            )
            raise BadSheet({keys[0]: fault})


def differences(first: HallSheet, second: HallSheet) -> tuple[str, ...]:
    """Return what two tellers see differently: "numbers", "spoiled" and question keys; never how."""
    fields = [] if sorted(first.numbers) == sorted(second.numbers) else ["numbers"]
    fields += [] if first.spoiled == second.spoiled else ["spoiled"]
    keys = dict.fromkeys([*first.marks, *second.marks])
    return (*fields, *(key for key in keys if first.marks.get(key) != second.marks.get(key)))


def seal_sheet(sheet: HallSheet, seal: bytes, box: str, teller: int, random: Random, cipher: str = AES) -> bytes:
    """Return the sheet of person ``teller``, who is the first, encrypted in a size that says nothing."""
    content = json.dumps([sorted(sheet.numbers), sheet.spoiled, {k: list(v) for k, v in sheet.marks.items()}]).encode()
    nonce = random.randbytes(_NONCE)
    padded = content.ljust(-(-len(content) // _SIZE) * _SIZE)
    return _derive_key(seal).encrypt(padded, _build_associated_data(box, teller), cipher, nonce)


def open_sheet(blob: bytes, seal: bytes, box: str, teller: int) -> HallSheet:
    """Return the sheet of person ``teller`` again; raises UrnDamaged, also where somebody else's it is."""
    content = _derive_key(seal).decrypt(blob, _build_associated_data(box, teller))
    if content is None:
        raise UrnDamaged
    numbers, spoiled, marks = json.loads(content)
    return HallSheet(tuple(numbers), spoiled, {key: _to_triple(value) for key, value in marks.items()})


def _build_associated_data(box: str, teller: int) -> bytes:
    return f"{box}/{teller}".encode()


def _to_triple(values: Sequence[int]) -> tuple[int, int, int]:
    yes, no, abstain = values
    return yes, no, abstain


def _derive_key(seal: bytes) -> CipherKey:
    return CipherKey(hashlib.sha256(b"laurel hall sheet " + seal).digest())
