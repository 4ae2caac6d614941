"""What was made of a file is remembered for its newest versions, and for no more of them."""

from __future__ import annotations

import pytest

from service.catalog.source.newest import by_file, of_newest


def test_the_newest_versions_of_each_file_are_remembered() -> None:
    asked: list[tuple[bytes, str]] = []

    @of_newest(by_file)
    def read(content: bytes, file: str) -> bytes:
        asked.append((content, file))
        return content

    for number in range(6):
        assert read(b"%d" % number, "a") == b"%d" % number
    read(b"0", "b")
    asked.clear()
    for number in (5, 4, 3, 2):
        read(b"%d" % number, "a")
    read(b"0", "b")
    assert asked == []
    read(b"0", "a")
    assert asked == [(b"0", "a")]
    read(b"2", "a")  # asked for last before it: kept, and 5 is let go
    read(b"5", "a")
    assert asked == [(b"0", "a"), (b"5", "a")]


def test_a_failure_is_not_remembered() -> None:
    tries = []

    @of_newest(by_file)
    def read(content: bytes, file: str) -> bytes:
        tries.append(content)
        raise ValueError(file)

    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            read(b"", "a")
    assert len(tries) == 2
