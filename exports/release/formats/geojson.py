"""The facilities with a point as GeoJSON (RFC 7946).

RFC 7946 wants WGS-84; ours are CGCS2000, which agrees with it to within a metre; the file says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from exports.release.formats.duck import read_table, write_list

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACILITIES_GEOJSON: Final = "facilities.geojson"
PROPERTIES: Final = (
    "code", "name", "status", "category_code", "class_code", "type_code", "county_code",
    "township_code", "address", "as_of",
)  # fmt: skip
NOTE: Final = "Coordinates are CGCS2000 longitude and latitude, within a metre of WGS-84."


def write_geojson(db: DuckDBPyConnection, directory: Path, facts: dict[str, Any]) -> None:
    """Write one feature per facility that has a point, in code order."""
    pairs = [f"""'"{name}":', {_or_null(f"f.{name}")}""" for name in PROPERTIES]
    pairs.append(f"""'"type_name":', {_or_null("t.name_zh")}""")
    feature = f"""concat('{{"type":"Feature","id":"', f.code,
        '","geometry":{{"type":"Point","coordinates":[', f.longitude, ',', f.latitude,
        ']}},"properties":{{', {", ',', ".join(pairs)}, '}}}}')"""
    source = (
        f"{read_table(directory, 'facility')} AS f"
        f" LEFT JOIN {read_table(directory, 'facility_type')} AS t ON t.code = f.type_code"
        " WHERE f.longitude IS NOT NULL"
    )
    head = {
        "type": "FeatureCollection",
        "note": NOTE,
        **{key: facts[key] for key in ("release_date", "licence", "synthetic")},
    }
    write_list(db, directory / FACILITIES_GEOJSON, head, "features", feature, source)


def _or_null(value: str) -> str:
    return f"coalesce(to_json({value}), 'null')"
