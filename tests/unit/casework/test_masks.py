"""Which words of a form are personal, wherever they stand."""

from __future__ import annotations

from service.casework.archives.gather import typed_at


def test_how_large_an_added_file_is_masks_no_number() -> None:
    data = {"proof": [{"id": "f00d", "name": "张三的证明.pdf", "size": 1234}], "staff": [{"name": "李四"}]}
    assert list(typed_at(data, "proof")) == ["f00d", "张三的证明.pdf"]
    assert list(typed_at(data, "staff[].name")) == ["李四"]
