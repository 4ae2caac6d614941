"""A unit of work that lost a race is done again with all that it was given the first time."""

from io import BytesIO

from service.casework.access.lost_races import after_lost_races
from service.store import Stale


def test_a_file_is_read_again_from_where_it_stood() -> None:
    file, read = BytesIO(b"name,scan"), []
    file.seek(5)

    def work() -> bytes:
        read.append(file.read())
        if len(read) == 1:
            raise Stale
        return read[-1]

    assert after_lost_races(work, [file]) == b"scan"
