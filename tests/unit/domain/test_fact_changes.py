"""Changes of facts: what is kept of them, what proves them, and what is left once values are erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from service.domain.proof.audit_chain import ERASED, ERASURE, AuditEvent, Link, beside, chain, first_broken
from service.domain.proof.fact_changes import (
    FactChange,
    LongValue,
    changes_digest,
    differs,
    erased_changes,
    kept_changes,
    read_changes,
)

SALT = "00" * 12
CHANGES = [
    FactChange("stage", None, "open", "round/open", None),
    FactChange("deadline", "2026-03-31", "2026-04-02", "round/open", None),
    FactChange("note", "张三的说明", None, None, "李"),
    FactChange("note", None, "再改", None, "李"),
]


def test_what_is_kept_reads_as_it_was_and_says_nothing_twice() -> None:
    kept = kept_changes(CHANGES, "李", SALT)
    assert list(read_changes(kept, "李")) == CHANGES
    assert kept["steps"] == [
        {"step": "round/open", "new": {"stage": "open", "deadline": "2026-04-02"}, "old": {"deadline": "2026-03-31"}},
        {"old": {"note": "张三的说明"}},
        {"new": {"note": "再改"}},
    ]
    other = kept_changes(CHANGES[:1], "李", SALT)
    assert "by" not in other["steps"][0]
    by = replace(CHANGES[0], step=None, who="王")
    assert list(read_changes(kept_changes([by], "李", SALT), "李")) == [by]


def test_yes_is_another_value_than_one() -> None:
    assert differs(1, True)
    assert differs(None, False)
    assert not differs([{"a": 1}], [{"a": 1}])


def test_a_long_value_is_kept_in_short_form_that_is_salted() -> None:
    rows, text = [{"name": f"第{n}家企业", "case": n} for n in range(40)], "说" * 500
    changes = [FactChange("rows", None, rows, "a/b", None), FactChange("text", text, None, "a/b", None)]
    kept = kept_changes(changes, "", SALT)
    assert len(str(kept)) < 800
    [many, long] = read_changes(kept, "")
    assert isinstance(many.new, LongValue)
    assert isinstance(long.old, LongValue)
    assert (many.new.items, many.new.beginning, long.old.items, long.old.beginning) == (40, None, 500, "说" * 100)
    other = next(read_changes(kept_changes(changes, "", "11" * 12), ""))
    assert other.new.sha256 != many.new.sha256


def test_erasing_takes_words_salt_and_digests_and_is_told_once() -> None:
    def erase(value: object) -> object:
        return value.replace("张三", ERASED) if isinstance(value, str) else value

    kept = kept_changes(CHANGES, "李", SALT)
    left = erased_changes(kept, erase, ERASED, whole=False)
    assert left is not None
    assert left["salt"] == ERASED
    assert [c.old for c in read_changes(left, "李")] == [None, "2026-03-31", f"{ERASED}的说明", None]
    assert erased_changes(left, erase, ERASED, whole=False) is None
    assert erased_changes(kept_changes(CHANGES[:2], "李", SALT), erase, ERASED, whole=False) is None
    whole = erased_changes(kept, erase, ERASED, whole=True)
    assert whole is not None
    assert {c.new for c in read_changes(whole, "李")} == {ERASED, None}
    long = kept_changes([FactChange("text", None, "张三" * 300, None, "李")], "李", SALT)
    gone = erased_changes(long, erase, ERASED, whole=False)
    assert "张" not in str(gone)
    assert len(str(gone)) < 200


NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def history(kept: dict[str, object]) -> list[Link]:
    events = [beside(AuditEvent(NOON, "李", "completed", "提交"), kept), AuditEvent(NOON, "李", "note", "记载")]
    return chain(9, 0, "", events)


def test_what_stands_beside_an_entry_cannot_be_changed_removed_or_added_unseen() -> None:
    kept = kept_changes(CHANGES, "李", SALT)
    links = history(kept)
    assert first_broken(9, links) is None
    for place, changed in ((0, kept_changes(CHANGES[:1], "李", SALT)), (0, None), (1, kept)):
        other = list(links)
        other[place] = replace(links[place], event=replace(links[place].event, changed=changed))
        assert first_broken(9, other) == place + 1
        assert first_broken(9, other, unseen={place + 1}) is None


def test_what_is_left_after_an_erasure_holds_where_a_later_entry_vouches_for_it() -> None:
    kept = kept_changes(CHANGES, "李", SALT)
    left = erased_changes(kept, lambda _: ERASED, ERASED, whole=True)
    assert left is not None
    links = history(kept)
    links[0] = replace(links[0], event=replace(links[0].event, changed=left))
    assert first_broken(9, links) == 1
    told = AuditEvent(NOON, "王", ERASURE, "清除", data={"events": {}, "facts": {"1": changes_digest(left)}})
    whole = [*links, *chain(9, 2, links[1].hash, [told])]
    assert first_broken(9, whole) is None
    more = replace(whole[0], event=replace(whole[0].event, changed={**left, "steps": []}))
    assert first_broken(9, [more, *whole[1:]]) == 1
