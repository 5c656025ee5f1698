"""What a release asks the registry for, in each database's own words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import make_url

from exports.release.allow_list import allow_list
from exports.release.registry_rows import RegistryRows

ON = date(2026, 11, 22)
TABLES = {
    "facility": "facilities",
    "history": "history",
    "capability_value": "capability_values",
    "identifier": "identifiers",
    "succession": "successions",
}


def _order(database: str, name: str) -> list[str]:
    dialect = make_url(f"{database}://").get_dialect()()
    query = getattr(RegistryRows(database, ON), TABLES[name])(allow_list().tables[name])
    return str(query.compile(dialect=dialect)).rpartition("ORDER BY ")[2].split(", ")


def test_codes_are_compared_byte_by_byte_whatever_language_the_server_speaks() -> None:
    for name in TABLES:
        texts = [part for part in _order("postgresql", name) if "valid_from" not in part]
        assert texts, name
        assert all('COLLATE "C"' in part for part in texts), name


def test_facilities_come_by_the_index_of_codes() -> None:
    """Any other collation than the column's own would have SQLite sort them."""
    assert _order("sqlite", "facility") == ['facility.code COLLATE "BINARY"']
