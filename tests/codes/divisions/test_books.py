"""The division books are well made, and hold what the sources are known to hold."""

from collections import Counter
from datetime import date

import pytest

from codes.book import BOOKS_DIR, load_book
from codes.book_check import check_book
from codes.divisions import children, counties_of_city, listing
from codes.divisions.store import DIVISIONS_DIR

EDITIONS = (date(2020, 6, 30), date(2021, 10, 31), date(2023, 6, 30))


@pytest.mark.parametrize(
    "book", ["", "editions", "events", "outlines", "successions", "townships", "villages"]
)
def test_book_is_right(book: str) -> None:
    name, root = (book, DIVISIONS_DIR) if book else ("divisions", BOOKS_DIR)
    assert [str(mistake) for mistake in check_book(name, root)] == []


def test_data_stays_small() -> None:
    assert sum(path.stat().st_size for path in DIVISIONS_DIR.rglob("*.csv")) < 3_000_000


def test_rows_name_known_editions_in_order() -> None:
    known = [row["edition"] for row in load_book("editions", DIVISIONS_DIR).rows]
    for name, root in (("divisions", BOOKS_DIR), ("villages", DIVISIONS_DIR)):
        for row in load_book(name, root).rows:
            seen = [row[key] for key in ("first_seen", "last_seen") if key in row]
            assert seen == sorted(seen)
            assert set(seen) <= set(known)


def test_last_edition_holds_what_the_package_is_known_to_hold() -> None:
    day = EDITIONS[-1]
    counties = list(listing("county", day))
    without_counties = [
        city for city in listing("city", day) if counties_of_city(city.code, day) == (city,)
    ]
    # The package counts 东莞, 中山 and 儋州 among the counties too.
    assert len(counties) + len(without_counties) == 2_978
    assert [city.name for city in without_counties] == ["东莞市", "中山市", "儋州市"]
    assert len(list(listing("township", day))) == 41_352
    assert len(list(listing("province", day))) == 31
    assert len(list(listing("city", day))) == 342


@pytest.mark.parametrize(
    ("city", "numbers"),
    [("3301", (13, 196, 3_320)), ("3309", (4, 36, 428)), ("3401", (12, 160, 1_773))],
)
def test_three_cities_as_known(city: str, numbers: tuple[int, int, int]) -> None:
    day = EDITIONS[-1]
    levels = ("county", "township", "village")
    assert tuple(len(list(listing(level, day, city))) for level in levels) == numbers


@pytest.mark.parametrize("day", EDITIONS)
def test_children_add_up_to_the_level(day: date) -> None:
    counted = Counter[str]()
    for county in counties_of_city("3301", day):
        for township in children(county.code, day):
            counted["townships"] += 1
            counted["villages"] += len(children(township.code, day))
    assert counted["townships"] == len(list(listing("township", day, "3301"))) == 196
    assert counted["villages"] == len(list(listing("village", day, "3301")))
