"""The tables described as a Frictionless Data Package, so that tools can read and check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from exports.release.allow_list import AllowList, PublicColumn, PublicTable
from exports.release.formats.tables_csv import file_name
from exports.release.manifest import describe

DATA_PACKAGE: Final = "datapackage.json"
TYPES: Final = {"text": "string", "integer": "integer", "number": "number", "date": "date"}
DIALECT: Final = {"delimiter": ",", "lineTerminator": "\r\n", "header": True}


def write_data_package(
    directory: Path, listed: AllowList, facts: dict[str, Any], counts: dict[str, int]
) -> None:
    """Write `datapackage.json` for the tables that stand in `directory` already."""
    package = {
        "profile": "tabular-data-package",
        "name": "fuwuma",
        "title": "公共服务设施 Public-service facilities",
        "description": f"{facts['source']['zh']} {facts['source']['en']}",
        "version": facts["release_date"],
        "licenses": [{"name": facts["licence"], "path": facts["licence_url"]}],
        "synthetic": facts["synthetic"],
        "specVersion": facts["spec_version"],
        "resources": [
            _resource(directory, table, counts.get(table.name, 0))
            for table in listed.tables.values()
        ],
    }
    body = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (directory / DATA_PACKAGE).write_text(body, encoding="utf-8", newline="\n")


def _resource(directory: Path, table: PublicTable, rows: int) -> dict[str, Any]:
    file = describe(directory, directory / file_name(table))
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": f"{table.title_zh} {table.title_en}",
        "description": f"{table.about_zh} {table.about_en}",
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": rows,
        "dialect": DIALECT,
        "schema": {
            "fields": [_field(table, column) for column in table.columns.values()],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": column.name,
                    "reference": {
                        "resource": "" if column.points_to == table.name else column.points_to,
                        "fields": "code",
                    },
                }
                for column in table.columns.values()
                if column.points_to
            ],
        },
    }


def _field(table: PublicTable, column: PublicColumn) -> dict[str, Any]:
    about = " ".join(filter(None, (column.describe("zh"), column.describe("en"))))
    field: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[column.kind],
        "title": f"{column.title_zh} {column.title_en}",
    }
    if about:
        field["description"] = about
    if column.name in table.key and not column.may_be_empty:
        field["constraints"] = {"required": True}
    return field
