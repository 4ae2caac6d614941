"""Office files become PDF by whatever is called soffice here: within limits, and without it there is none."""

from pathlib import Path

import pytest

from service.office import office_as_pdf, office_pdf


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """Put a program in the place of LibreOffice, which no machine of the tests has."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nfor word in "$@"; do last="$word"; done\nplace=$(dirname "$last")\n{lines}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_it_reads_the_file_and_writes_beside_it_without_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_SECRET", "s")
    install(tmp_path, monkeypatch, '(cat "$last"; echo "$LAUREL_SECRET$http_proxy") > "$place/file.pdf"')
    assert office_as_pdf(b"content ", ".docx") == b"content http://127.0.0.1:9\n"


def test_what_takes_too_long_or_writes_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_pdf, "_SECONDS", 0.2)
    install(tmp_path, monkeypatch, "sleep 60 & sleep 60")
    assert office_as_pdf(b"PK", ".xlsx") is None
    install(tmp_path, monkeypatch, "exit 1")
    assert office_as_pdf(b"PK", ".xlsx") is None
