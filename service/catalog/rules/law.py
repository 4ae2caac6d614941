"""The register itself: remarks on the text, and what an amendment says about running cases."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.law_text.article_words import articles_named
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error, unknown_clause
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text


@check(Extent.PIECES, "remark_without_clause", "unknown_clause")
def remarks_name_clauses(checked: Checked) -> Iterator[Problem]:
    """A remark names the clauses it is about, and they stand in the register."""
    law = checked.package.law
    for number, remark in enumerate(law.remarks, 1):
        place = f"remarks[{number}].clauses"
        if not remark.clauses:
            yield error(
                law.file, place, "remark_without_clause",
                "按语没有写明针对哪一条款。", "The remark does not say which clause it is about.",
                Text("补上 clauses。", "Add clauses."),
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
        yield error(
            law.file, "amendment.clauses", "amendment_without_clause",
            "修订适用于进行中的办件，却没有引用作此规定的条款。",
            "The amendment reaches running cases but cites no clause that says so.",
            Text("补上 clauses，或删去 applies_to_running。", "Add clauses, or remove applies_to_running."),
        )  # fmt: skip
    for ident in law.amendment.clauses:
        if ident not in law.clauses:
            yield unknown_clause(law.file, "amendment.clauses", ident, law)


@check(Extent.PIECES, "old_article")
def words_follow_new_numbers(checked: Checked) -> Iterator[Problem]:
    """What a package writes names the articles by the numbers that they have since an amendment."""
    law = checked.package.law
    if law.renumbered is None:
        return
    for path in law.renumbered.follow:
        yield error(
            path, "", "old_article",
            f"修改决定改了条文的编号，这个文件里还写着原来的编号{_example(checked, path, clear=True)}。",
            f"The articles have new numbers, and this file still names the old ones{_example(checked, path, clear=True)}.",
            Text("点“改成新的编号”；已经自己改好的，点“已核对”。", "Use “Take the new numbers”, or “Looked at” where you did it yourself."),
        )  # fmt: skip
    for path in law.renumbered.look:
        yield error(
            path, "", "old_article",
            f"这个文件里写着的条文已经删去，或者看不出是哪一部办法的，要由您决定{_example(checked, path, clear=False)}。",
            f"This file names an article that is gone, or may be one of another regulation{_example(checked, path, clear=False)}.",
            Text("看过、改好以后，点“已核对”。", "Look at it, correct it, then use “Looked at”."),
        )  # fmt: skip


def _example(checked: Checked, path: str, *, clear: bool) -> str:
    """Return the first place of a file as people read it; "" where the file is no part of the package."""
    package = checked.package
    moved, text = package.law.renumbered, package.files.get(path)
    if moved is None or text is None:
        return ""
    found = articles_named(text.decode("utf-8", "replace"), package.law.title, moved.articles)
    first = next((place for place in found if bool(place.after) is clear), None)
    return f"：…{first.words}…" if first else ""
