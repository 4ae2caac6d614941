"""A draft goes out as its city's folders and comes back without a changed byte; what is no such folder is refused."""

from __future__ import annotations

import html
import io
import re
import stat
import zipfile
from dataclasses import replace

import pytest

from service.casework.studio.drafts.open_draft import open_draft, share_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.transfer import export_draft, import_files
from service.casework.studio.drafts.view_draft import open_file, restore_revision, view_draft
from service.catalog.archive import pack_folder, unpack_folder
from service.catalog.tree import read_sources
from service.domain.errors import Invalid, NotAllowed, NotFound
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, LAW, MINIATURE, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "文件夹")


def test_the_folder_goes_out_and_comes_back_without_a_changed_byte(town: Lakeside, draft: int) -> None:
    out = export_draft(town.desk, town.designer, draft)
    shipped = {p: d for p, d in read_sources(MINIATURE).items() if p.split("/")[1] == "lakeside"}
    assert out == shipped
    packed = pack_folder(out)
    assert packed == pack_folder(dict(reversed(out.items())))
    done = import_files(town.desk, town.designer, draft, unpack_folder(packed).files)
    assert (done.revision, done.changed, done.removed) == (0, (), ())


def test_a_whole_folder_removes_what_it_lacks_and_can_be_undone(town: Lakeside, draft: int) -> None:
    out = dict(export_draft(town.desk, town.designer, draft))
    gone = next(path for path in sorted(out) if "/scenarios/" in path)
    del out[gone]
    out[LAW] = out[LAW].replace("湖滨".encode(), "湖畔".encode())
    done = import_files(town.desk, town.designer, draft, out)
    assert (done.changed, done.removed) == ((LAW,), (gone,))
    restore_revision(town.desk, town.designer, draft, 0)
    assert "湖滨" in open_file(town.desk, town.designer, draft, LAW).content.decode()
    assert gone in export_draft(town.desk, town.designer, draft)


def test_a_part_of_the_folder_only_adds_and_replaces(town: Lakeside, draft: int) -> None:
    law = export_draft(town.desk, town.designer, draft)[LAW].replace("湖滨".encode(), "湖畔".encode())
    done = import_files(town.desk, town.designer, draft, {LAW: law})
    assert (done.changed, done.removed) == ((LAW,), ())


def test_a_folder_exported_before_a_save_asks_once_and_names_the_files(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}"
    packed = browser.get(f"{here}/folder.zip").data
    assert browser.get(f"{here}/folder.zip").data == packed, "the same files, the same bytes"
    law = open_file(town.desk, town.designer, draft, LAW)
    changed = law.content.replace("湖滨".encode(), "湖畔".encode())
    save_file(town.desk, town.designer, draft, LAW, changed, law.hash)
    new = f"processes/{KEY}/documents/new.typ"
    save_file(town.desk, town.designer, draft, new, b"x", None)

    def send(data: bytes, **fields: str) -> tuple[int, str]:
        answer = browser.post(f"{here}/folder.zip", {"archive": (io.BytesIO(data), "folder.zip"), **fields})
        return answer.status_code, html.unescape(answer.text)

    held = {member.filename: member for member in zipfile.ZipFile(io.BytesIO(packed)).infolist()}
    assert "processes/exported.sha256" in held
    code, text = send(packed)
    assert (code, "又改过“条款”、“new”" in text) == (409, True), text
    asked = re.search(r'name="seen" value="(\d+)"', text)
    assert asked
    assert open_file(town.desk, town.designer, draft, LAW).content == changed, "nothing was imported"
    other = open_file(town.desk, town.designer, draft, new)
    save_file(town.desk, town.designer, draft, new, b"y", other.hash)
    assert send(packed, seen=asked[1])[0] == 409, "saved since it was asked"
    assert send(packed, seen=str(view_draft(town.desk, town.designer, draft).revision))[0] == 302
    assert open_file(town.desk, town.designer, draft, LAW).content == law.content


def test_a_folder_that_was_changed_since_its_export_asks_nothing(town: Lakeside, browse: Browse, draft: int) -> None:
    browser, here = browse("designer"), f"/studio/drafts/{draft}"
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(browser.get(f"{here}/folder.zip").data)) as exported,
        zipfile.ZipFile(out, "w") as archive,
    ):
        for name in exported.namelist():
            data = exported.read(name)
            archive.writestr(f"around/{name}", data.replace("湖滨".encode(), "湖畔".encode()) if name == LAW else data)
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/documents/new.typ", b"x", None)
    kept = open_file(town.desk, town.designer, draft, f"processes/{KEY}/documents/new.typ")
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/documents/new.typ", None, kept.hash)
    sent = {"archive": (io.BytesIO(out.getvalue()), "folder.zip")}
    assert browser.post(f"{here}/folder.zip", sent).status_code == 302
    assert "湖畔" in open_file(town.desk, town.designer, draft, LAW).content.decode()


@pytest.mark.parametrize("path", ["processes/elsewhere/law.yaml", "processes/lakeside/other/award.yaml", "README.md"])
def test_files_of_others_are_refused_and_nothing_is_imported(town: Lakeside, draft: int, path: str) -> None:
    with pytest.raises(Invalid):
        import_files(town.desk, town.designer, draft, {path: b"a: 1\n", LAW: b"a: 1\n"})
    assert view_draft(town.desk, town.designer, draft).revision == 0


def zipped(*members: tuple[str, bytes], link: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"no zip",
        b"",
        zipped(),
        zipped(("README.md", b"x")),
        zipped(("processes/../../law.yaml", b"a: 1")),
        zipped(("/processes/lakeside/law.yaml", b"a: 1")),
        zipped(("C:/processes/lakeside/law.yaml", b"a: 1")),
        zipped(link="processes/lakeside/law.yaml"),
        zipped(("processes/lakeside/law.yaml", b"a" * (8 * 1024 * 1024 + 1))),
        zipped(*((f"forms/lakeside/f{n}.json", b"1" * (7 * 1024 * 1024)) for n in range(13))),
        zipped(*((f"forms/lakeside/f{n}.json", b"1") for n in range(4001))),
        b"0" * (20 * 1024 * 1024 + 1),
    ],
    ids=["no zip", "nothing", "empty", "other", "up", "root", "drive", "link", "large", "bomb", "many", "huge"],
)
def test_an_archive_that_is_no_such_folder_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        unpack_folder(data)
    assert "没有导入" in refused.value.message.zh


def test_a_folder_around_the_two_and_foreign_files_are_left_out() -> None:
    found = unpack_folder(zipped(("export/processes/lakeside/law.yaml", b"a: 1"), ("__MACOSX/._x", b"")))
    assert list(found.files) == ["processes/lakeside/law.yaml"]
    assert found.ignored == ("__MACOSX/._x",)


def test_names_that_windows_wrote_in_chinese_are_read_and_others_refused() -> None:
    data = zipped(("processes/lakeside/QQQQ.yaml", b"a: 1"))
    found = unpack_folder(data.replace(b"QQQQ", "告知".encode("gbk")))
    assert list(found.files) == ["processes/lakeside/告知.yaml"]
    with pytest.raises(Invalid, match="文件名无法辨认"):
        unpack_folder(data.replace(b"QQQQ", b"\xff\xff\x80\x20"))


def test_a_private_draft_is_not_exported_to_others(town: Lakeside, browse: Browse, draft: int) -> None:
    save_file(town.desk, town.designer, draft, f"processes/{KEY}/documents/new.typ", b"x", None)
    assert browse("checker").get(f"/studio/drafts/{draft}/folder.zip").status_code == 404


WHO: dict[str, tuple[tuple[str, str], ...]] = {
    "a designer of another city": (("elsewhere", "designer"),),
    "an administrator of another city": (("elsewhere", "administrator"),),
    "an applicant of everywhere": (("*", "applicant"),),
    "an audit administrator": (("*", "audit_administrator"),),
    "nobody any more": (),
}


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("who", WHO)
def test_nobody_else_brings_a_folder_in_shares_it_or_takes_it_out(
    town: Lakeside, draft: int, who: str, shared: bool
) -> None:
    """Whether the draft is passed on to the other designers of its city or not."""
    if shared:
        share_draft(town.desk, town.designer, draft, True)
    own = town.designer.seats[0]
    seats = tuple(
        replace(own, jurisdiction=place, role=role, body_kind="organisation" if role == "applicant" else own.body_kind)
        for place, role in WHO[who]
    )
    other = replace(town.office, seats=seats)
    files = {LAW: export_draft(town.desk, town.designer, draft)[LAW].replace("湖滨".encode(), "湖畔".encode())}
    before = view_draft(town.desk, town.designer, draft).row
    for attempt in (
        lambda: import_files(town.desk, other, draft, files),
        lambda: export_draft(town.desk, other, draft),
        lambda: share_draft(town.desk, other, draft, not shared),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            attempt()
    after = view_draft(town.desk, town.designer, draft).row
    assert (after.revision, after.shared, after.person_id) == (before.revision, shared, before.person_id)


def test_whom_a_draft_is_passed_on_to_edits_and_does_not_pass_it_on(town: Lakeside, draft: int) -> None:
    files = {LAW: export_draft(town.desk, town.designer, draft)[LAW].replace("湖滨".encode(), "湖畔".encode())}
    with pytest.raises(NotFound):
        import_files(town.desk, town.checker, draft, files)
    share_draft(town.desk, town.designer, draft, True)
    assert import_files(town.desk, town.checker, draft, files).changed == (LAW,)
    with pytest.raises(NotAllowed):
        share_draft(town.desk, town.checker, draft, False)
    share_draft(town.desk, town.designer, draft, False)
    with pytest.raises(NotFound):
        export_draft(town.desk, town.checker, draft)
