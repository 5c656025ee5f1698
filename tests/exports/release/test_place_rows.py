"""What a release says of the people of its divisions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from exports.release.allow_list import allow_list
from exports.release.place_rows import population_rows
from registry.db import reading
from tests.exports.release.small_registry import XIHU


@pytest.mark.parametrize(
    ("on", "years"),
    [
        (date(2019, 12, 31), []),
        (date(2024, 12, 31), [2020, 2020]),
        (date(2025, 1, 1), [2020, 2020, 2025]),
    ],
)
def test_no_figure_of_a_year_to_come(filled_sqlite: Engine, on: date, years: list[int]) -> None:
    table = allow_list().tables["population"]
    at = [*table.columns].index("year")
    with reading(filled_sqlite) as session:
        rows = list(population_rows(table, session, {XIHU}, on))
    assert sorted(row[at] for row in rows) == years
