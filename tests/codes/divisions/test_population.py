"""The census figures: what the bulletins say, adding up."""

from datetime import date

import pytest

from codes.book_check import check_book
from codes.divisions import division, in_force
from codes.errors import DataError
from codes.population import counties_of_areas, population, population_figures

NOW = date(2026, 11, 22)


def test_book_is_right() -> None:
    assert [str(mistake) for mistake in check_book("population_2020")] == []


@pytest.mark.parametrize(("city", "listed_apart"), [("330100", 23_763), ("340100", 0)])
def test_parts_add_up_to_the_city(city: str, listed_apart: int) -> None:
    whole = population(city)
    assert whole is not None
    parts = [
        figure.persons
        for figure in population_figures()
        if figure.group == "total"
        and figure.division_code not in {None, city}
        and str(figure.division_code).startswith(city[:4])
    ]
    assert sum(parts) + listed_apart == whole.persons


def test_area_listed_apart_has_no_code() -> None:
    apart = [figure for figure in population_figures() if figure.division_code is None]
    assert [figure.persons for figure in apart] == [23_763]
    assert apart[0].name.startswith("西湖风景名胜区")
    assert counties_of_areas() == {("330100", "西湖风景名胜区"): "330106"}
    assert division("330106008", NOW).parent_code == "330106"


def test_figures_by_code_and_group() -> None:
    figure = population("330106")
    assert figure is not None
    assert (figure.persons, figure.reference_on) == (1_089_229, date(2020, 11, 1))
    assert "人口普查" in figure.source
    old = population("3301", "age_60_plus")
    assert old is not None
    assert old.persons == 2_013_297


def test_not_known_is_not_zero() -> None:
    assert population("330106", "age_60_plus") is None
    assert population("330902") is None
    with pytest.raises(DataError):
        population("西湖区")


def test_every_code_is_in_force_now() -> None:
    codes = {figure.division_code for figure in population_figures()} - {None}
    assert all(in_force(str(code), NOW) for code in codes)
