"""Conditions in an address that a page does not know, or cannot read: said, not ignored in silence."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import request

from service.web.frame.requests.current import t

_LONGEST = 40
"""Signs of a condition that are repeated."""


def unheeded(known: Mapping[str, Collection[str] | None]) -> list[str]:
    """Return a sentence for each condition of the address that is not heeded.

    ``known`` are the names of conditions, each with the values that it may have, None where any may stand.
    """
    said = []
    for name, value in request.args.items():
        allowed = known.get(name)
        if not value or (name in known and (allowed is None or value in allowed)):
            continue
        shown = f"{name}={value}"[:_LONGEST]
        if name not in known:
            said.append(
                t(
                    f"地址中的“{shown}”不是本页的条件，没有按它筛选。本页的条件在列表上方选择。",
                    f"“{shown}” in the address is no condition of this page and was left out: choose above the list.",
                )
            )
            continue
        meant = "、".join(one for one in allowed or () if one)
        said.append(
            t(
                f"看不懂地址中的“{shown}”，没有按它筛选或排列。{name} 可以是：{meant}。"
                if meant
                else f"看不懂地址中的“{shown}”，没有按它筛选或排列。请在列表上方重新选择。",
                f"“{shown}” in the address cannot be read and was left out."
                + (f" {name} may be: {meant}." if meant else ""),
            )
        )
    return said
