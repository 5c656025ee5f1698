"""The facilities with a point as GeoJSON (RFC 7946).

RFC 7946 wants WGS-84; ours are CGCS2000, which agrees with it to within a metre; the file says so.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, Final

from exports.release.formats.cells import json_pairs

FACILITIES_GEOJSON: Final = "facilities.geojson"
PROPERTIES: Final = (
    "code", "name", "status", "category_code", "class_code", "type_code", "county_code",
    "township_code", "address", "as_of",
)  # fmt: skip
NOTE: Final = "Coordinates are CGCS2000 longitude and latitude, within a metre of WGS-84."


def write_geojson(path: Path, db: sqlite3.Connection, facts: dict[str, Any]) -> None:
    """Write one feature per facility that has a point, in code order."""
    pairs = [(name, f'"{name}"') for name in PROPERTIES]
    pairs.append(
        ("type_name", "(SELECT name_zh FROM facility_type WHERE code = facility.type_code)")
    )
    point = "json_object('type', 'Point', 'coordinates', json_array(longitude, latitude))"
    feature = (
        f"json_object('type', 'Feature', 'id', code, 'geometry', {point},"
        f" 'properties', {json_pairs(pairs)})"
    )
    sql = f"SELECT {feature} FROM facility WHERE longitude IS NOT NULL ORDER BY code"  # noqa: S608
    head = {
        "type": "FeatureCollection",
        "note": NOTE,
        **{key: facts[key] for key in ("release_date", "licence", "synthetic")},
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [')
        before = "\n"
        for (line,) in db.execute(sql):
            file.write(before + line)
            before = ",\n"
        file.write("\n]}\n")
