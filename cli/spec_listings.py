"""Which books `fuwuma spec` lists: one entry a command, so that a further book is one entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any, Final


@dataclass(frozen=True)
class Listing:
    """One command under `spec`.

    `rows` and `as_json` are written `module:function`, so that only the book asked for is read:
    `rows` gives a mapping or a sequence of rows, `as_json` turns one row into a JSON object (a
    dataclass needs none). `by_plan` adds the option --plan. `columns` are the keys the table shows;
    `name`, `title` and the like stand for the one in the chosen language. `named` gives the key
    JSON promises (code, name_zh, name_en) and the row's own key for it. `help` and the column heads
    are messages of domain spec.
    """

    command: str
    rows: str
    columns: tuple[str, ...]
    as_json: str = "cli.spec_listings:dataclass_json"
    named: Mapping[str, str] = field(default_factory=dict)
    by_plan: bool = False

    @property
    def help_id(self) -> str:
        """The id of the command's help sentence."""
        return f"spec.help.{self.command.replace('-', '_')}"

    def objects(self) -> list[dict[str, Any]]:
        """Return every row as a JSON object with at least code, name_zh and name_en."""
        rows, as_json = load(self.rows)(), load(self.as_json)
        found = (as_json(row) for row in (rows.values() if isinstance(rows, Mapping) else rows))
        return [{key: row[own] for key, own in self.named.items()} | row for row in found]


def load(place: str) -> Callable[..., Any]:
    """Return the function written as `module:function`."""
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def dataclass_json(row: Any) -> dict[str, Any]:
    """Return a typed row of a book as a JSON object."""
    return asdict(row)


LISTINGS: Final = (
    Listing("categories", "codes.categories:categories", ("code", "name")),
    Listing("classes", "codes.categories:classes", ("code", "name", "category_code")),
    Listing(
        "types",
        "codes.facility_types:facility_types",
        ("code", "name", "class_code", "level", "department_codes", "aliases"),
    ),
    Listing("departments", "codes.departments:departments", ("code", "name", "short_names")),
    Listing(
        "capabilities",
        "codes.capabilities:capabilities",
        ("code", "name", "unit", "carried_by", "definition"),
    ),
    Listing(
        "rules",
        "codes.rules:rules",
        ("code", "severity", "name", "remedy"),
        named={"code": "id", "name_zh": "title_zh", "name_en": "title_en"},
    ),
    Listing(
        "value-lists",
        "codes.value_lists:all_values",
        ("list", "value", "name_en", "aliases", "internal"),
        named={"code": "value", "name_zh": "value"},
    ),
    Listing(
        "identifiers",
        "codes.identifier_schemes:identifier_schemes",
        ("code", "name", "pattern", "carried_by", "note"),
    ),
    Listing(
        "cross-fields",
        "codes.cross_field_rules:cross_field_rules",
        ("code", "left", "op", "right", "severity", "message"),
        named={"name_zh": "message_zh", "name_en": "message_en"},
    ),
    Listing(
        "owning",
        "codes.owning:owning_rules",
        ("code", "action", "department_codes", "carried_by", "elements", "name"),
    ),
    Listing(
        "indicators",
        "codes.indicators:indicators",
        ("code", "name", "unit", "base_raw", "target_raw", "departments", "formula_text"),
        as_json="codes.indicator_json:as_json",
        by_plan=True,
    ),
    Listing(
        "standards",
        "codes.standards:standards",
        ("code", "name", "object", "content", "figures", "responsible"),
        as_json="codes.standards:as_json",
    ),
    Listing(
        "norms",
        "codes.norms:norms",
        ("code", "name", "jurisdiction", "applies", "rule", "type_codes", "by_year", "mark"),
        as_json="codes.norms:as_json",
    ),
)
