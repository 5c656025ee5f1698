"""Divisions in English: pinyin with the ending translated, for the cities of the plans only."""

from __future__ import annotations

import re
from datetime import date

import pytest

from codes.book_check import check_book
from codes.divisions import counties_of_city, division, listing
from codes.divisions.english import english_name, short_name, shown_name
from codes.indicators import plans
from codes.messages import speaking

SPELT = re.compile(r"[A-Z][a-zü']*([ (-]+[A-Za-zü']+)*\)?")


def test_the_book_is_sound() -> None:
    assert check_book("division_words") == []


@pytest.mark.parametrize("on", [date(2020, 12, 31), date(2026, 11, 22)])
def test_every_division_of_the_plans_cities_is_spelt(on: date) -> None:
    for city in {plan.city_code for plan in plans().values()}:
        units = [division(city, on), *counties_of_city(city, on)]
        units += listing("township", on, city[:4])
        with speaking("en"):
            assert [unit.name for unit in units if not SPELT.fullmatch(shown_name(unit))] == []
            assert all(shown_name(unit).startswith(short_name(unit)) for unit in units)
        assert [shown_name(unit) for unit in units] == [unit.name for unit in units]


def test_elsewhere_the_name_stays_as_it_is() -> None:
    lhasa = division("540102", date(2026, 11, 22))
    with speaking("en"):
        assert shown_name(lhasa) == short_name(lhasa) == "城关区"


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("长丰县", "Changfeng County"),
        ("建德市", "Jiande City"),
        ("闸弄口街道", "Zhanongkou Subdistrict"),
        ("马岙街道", "Ma'ao Subdistrict"),
        ("常绿镇", "Changlü Town"),
        ("坝镇镇", "Bazhen Town"),
        ("围垦区", "Reclamation Area"),
        ("莪山畲族乡", "Eshan She Ethnic Township"),
        ("合肥新站高新技术产业开发区", "Hefei Xinzhan High-tech Industrial Development Zone"),
        ("庐阳工业区（林店街道）", "Luyang Industrial Park (Lindian Subdistrict)"),
    ],
)
def test_a_name_is_read_as_in_its_place(name: str, english: str) -> None:
    assert english_name(name, "township") == english
