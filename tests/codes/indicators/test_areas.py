"""The areas of the tables have an English name each."""

from __future__ import annotations

from codes.book_check import check_book
from codes.indicator_areas import area_name
from codes.indicators import indicators
from codes.messages import speaking


def test_every_area_has_an_english_name_and_no_other_stands_in_the_book() -> None:
    assert check_book("indicator_areas") == []
    areas = {row.area for row in indicators().values()}
    assert {area_name(area) for area in areas} == areas
    with speaking("en"):
        assert all(area_name(area).isascii() for area in areas)
        assert area_name("别的领域") == "别的领域"
