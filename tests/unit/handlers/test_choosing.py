"""Places are filled by order, with places kept for a group, places added for one, and a limit per organisation."""

from handlers.choosing import Entry, fill, tied_out


def entry(
    votes: int, points: int = 0, *, service: bool = False, small: bool = False, group: str | None = None
) -> Entry:
    return Entry({}, ((1, votes), (1, points)), group, (service,), (small,))


def chosen(seats: dict[int, str]) -> set[int]:
    return set(seats)


def test_more_votes_come_first_and_points_part_equal_votes() -> None:
    entries = [entry(12, 600), entry(15, 500), entry(12, 700)]
    assert chosen(fill(entries, 2, [], [], 1)) == {1, 2}


def test_a_place_is_kept_for_services_and_the_others_share_the_rest() -> None:
    entries = [entry(15), entry(14), entry(13), entry(10, service=True)]
    assert fill(entries, 3, [1], [], 1) == {3: "least", 0: "ordinary", 1: "ordinary"}


def test_a_kept_place_stays_empty_when_nobody_qualifies() -> None:
    assert chosen(fill([entry(15), entry(14), entry(13)], 3, [1], [], 1)) == {0, 1}


def test_an_added_place_goes_to_its_group_and_takes_none_from_the_others() -> None:
    entries = [entry(15, small=True), entry(14), entry(13), entry(12), entry(11, small=True)]
    assert fill(entries, 3, [], [1], 1) == {0: "extra", 1: "ordinary", 2: "ordinary", 3: "ordinary"}


def test_one_organisation_gets_no_more_than_its_limit() -> None:
    entries = [entry(15, group="a"), entry(14, group="a"), entry(13, group="b")]
    assert chosen(fill(entries, 3, [], [], 1)) == {0, 2}
    assert chosen(fill(entries, 3, [], [], 2)) == {0, 1, 2}


def test_without_a_number_of_places_everybody_within_the_limits_is_chosen() -> None:
    assert chosen(fill([entry(1), entry(2)], None, [], [], 1)) == {0, 1}


def test_who_cannot_be_told_from_the_last_is_named() -> None:
    entries = [entry(15, 700), entry(14, 600), entry(14, 600), entry(13, 900)]
    seats = fill(entries, 2, [], [], 1)
    assert tied_out(entries, seats, 1) == [2]
    assert tied_out(entries, fill(entries, 3, [], [], 1), 1) == []
