"""What the endpoints answer, as JSON Schema 2020-12 (which OpenAPI 3.1 takes as it is).

A schema says what a program may rely on; more keys may be there.
"""

from __future__ import annotations

from typing import Any, Final

from exports.release.allow_list import AllowList, PublicColumn, PublicTable
from exports.site.settings import site_settings

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
ANY_OBJECT: Final[Schema] = {"type": "object"}
CODE: Final[Schema] = {"type": "string", "pattern": "^[A-HJ-L][0-9]{16}$"}
FACTS: Final = "Facts"
_KINDS: Final = {"text": "string", "integer": "integer", "number": "number", "date": "string"}


def schemas(listed: AllowList) -> dict[str, Schema]:
    """Return every schema by name; those of table rows are called like the table."""
    return {
        "Facility": _facility(listed),
        FACTS: _object(release_date=_DAY, synthetic=FLAG, licence=TEXT) | {"description": _SAID},
        "Codes": _object(codes={**_list(TEXT), "maxItems": site_settings().check_most}),
        "Checked": _checked(),
        "Names": _object(
            names=_list(TEXT), labels={"type": "object", "additionalProperties": TEXT}
        ),
        "Found": _object(
            query=TEXT, total=COUNT, more=FLAG, page=COUNT, pages=COUNT,
            next={"type": ["string", "null"]},
            facilities=_list(_object(code=CODE, name=TEXT)), named=_list(_object(code=TEXT)),
        ),
        "Categories": _object(
            total=COUNT, issued=COUNT,
            categories=_list(_COUNTED), counties=_list(_COUNTED),
        ),
        "Category": _object(code=TEXT, facilities=COUNT, classes=_list(_COUNTED)),
        "Class": _object(
            code=TEXT, facilities=COUNT,
            types=_list(_COUNTED), standards=_list(ANY_OBJECT),
        ),
        "Type": _object(
            code=TEXT, name_zh=TEXT, name_en=TEXT, total=COUNT, page=COUNT, pages=COUNT,
            next={"type": ["string", "null"]}, facilities=_list(_object(code=CODE, status=TEXT)),
        ),
        "Standards": _object(
            standards=_list(_object(code=TEXT, name_zh=TEXT, answers=_list(ANY_OBJECT))),
        ),
        "Tables": _object(
            tables=_list(_object(name=TEXT, title_zh=TEXT, rows=COUNT, json=TEXT))
        ),
        "About": _object(spec_version=TEXT, source=ANY_OBJECT, counts=ANY_OBJECT),
        "Downloads": _object(
            files=_list(_object(name=TEXT, bytes=COUNT, sha256=TEXT, address=TEXT))
        ),
        "Warnings": {"anyOf": [_warned(), _object(indicators=_list(_object(code=TEXT)))]},
        "Division": _object(
            code=TEXT, name=TEXT, level=TEXT, total=COUNT,
            facilities_by_type={"type": "object", "additionalProperties": COUNT},
            above=_list(ANY_OBJECT), below=_list(ANY_OBJECT), results=_list(ANY_OBJECT),
        ),
        "InView": _object(
            ok=FLAG, datum=TEXT, total=COUNT, unplaced=COUNT, in_view=COUNT,
            marks=_list(ANY_OBJECT), facilities=_list(ANY_OBJECT),
        ),
        "FeatureCollection": _object(
            type={"const": "FeatureCollection"}, features=_list(ANY_OBJECT)
        ) | {"description": _OUTLINED},
        "Indicators": _object(indicators=_list(ANY_OBJECT)),
        "Indicator": ANY_OBJECT,
        "Behind": _object(
            result=ANY_OBJECT, total=COUNT, page=COUNT, pages=COUNT,
            next={"type": ["string", "null"]},
            facilities=_list(_object(code=CODE, type_code=TEXT, counted=FLAG, not_reported=FLAG)),
        ),
        "Rules": _object(rules=_list(_object(id=TEXT, severity=TEXT))),
        "Fields": _object(fields=_list(_object(key=TEXT, header_zh=TEXT, requirement=TEXT))),
        "Manifest": _object(
            format=TEXT, release_date=_DAY, spec_version=TEXT, synthetic=FLAG, licence=TEXT,
            counts={"type": "object", "additionalProperties": COUNT},
            files=_list(_object(name=TEXT, bytes=COUNT, sha256={"pattern": "^[0-9a-f]{64}$"})),
        ),
        "Document": _object(openapi={"const": "3.1.0"}, info=ANY_OBJECT, paths=ANY_OBJECT),
        "Problem": _object(
            ok={"const": False}, status=COUNT, error=TEXT, expected=TEXT, remedy=TEXT
        ),
        **{_row_name(table): _row(table) for table in listed.tables.values()},
        **{_page_name(table): _page(table) for table in listed.tables.values()},
    }  # fmt: skip


_OUTLINED: Final = (
    "With `indicator`, the collection and every county say `indicator` and `year` 给了指标时，"
    "整个文件和每个区县都写明 indicator 和 year"
)
_SAID: Final = (
    "What every answer says of the release; a bare list of rows (`_shape=array`) has no room for it"
    " 每个回答都带的发布版信息；_shape=array 只有行，没有这几项"
)
_DAY: Final[Schema] = {"type": "string", "format": "date"}


def _page_name(table: PublicTable) -> str:
    return f"{table.name}_rows"


def _row_name(table: PublicTable) -> str:
    return f"{table.name}_row"


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": [*properties], "properties": properties}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


_STANDING: Final[Schema] = _list(_object(code=CODE, name={"type": ["string", "null"]})) | {
    "description": "What stands there now: the facility itself while it is on the register; of one"
    " merged or split, the last in the chain of its successors; empty when it has ended, or was"
    " annulled, without a successor 现在是什么：在册的为设施本身；已合并、拆分的为最后的后继设施；"
    "已终止或误登作废而没有后继的为空"
}
_COUNTED: Final[Schema] = _object(code=TEXT, facilities=COUNT)


def _column(column: PublicColumn, key: bool) -> Schema:
    kind = _KINDS[column.kind]
    about = " ".join(filter(None, (column.describe("zh"), column.describe("en"))))
    return {
        "title": f"{column.title_zh} {column.title_en}",
        "type": kind if key else [kind, "null"],
        **({"format": "date"} if column.kind == "date" else {}),
        **({"description": about} if about else {}),
    }


def _row(table: PublicTable) -> Schema:
    columns = table.columns.values()
    return _object(**{row.name: _column(row, row.name in table.key) for row in columns})


def _page(table: PublicTable) -> Schema:
    """A page of a table, with `_shape=objects`; without it a row is a list of values."""
    return _object(
        table={"const": table.name},
        columns=_list(TEXT),
        rows=_list({"anyOf": [{"$ref": f"#/components/schemas/{_row_name(table)}"}, _list({})]}),
        next={"type": ["string", "null"]},
    )


def _warned() -> Schema:
    county = _object(
        code=TEXT,
        name=TEXT,
        value={"type": ["number", "null"]},
        colour={"type": ["string", "null"]},
    )
    return _object(
        ok={"const": True},
        indicator=TEXT,
        name=TEXT,
        year=COUNT,
        years=_list(COUNT),
        counties=_list(county),
    )


def _facility(listed: AllowList) -> Schema:
    made = _row(listed.tables["facility"])
    more = _object(
        printed_code=TEXT,
        capabilities=_list(_object(capability_code=TEXT, as_of=_DAY)),
        identifiers=_list(_object(scheme_code=TEXT, value=TEXT)),
        predecessors=_list(ANY_OBJECT),
        successors=_list(ANY_OBJECT),
        standing=_STANDING,
        history=_list(ANY_OBJECT),
        not_reported=_list(TEXT),
        answers=_list(ANY_OBJECT),
    )
    return {
        "type": "object",
        "required": made["required"] + more["required"],
        "properties": made["properties"] | more["properties"] | {"code": CODE},
    }


def _checked() -> Schema:
    result = _object(
        written=TEXT,
        outcome={"enum": [*site_settings().check_outcomes]},
        code={"anyOf": [CODE, {"type": "null"}]},
        printed_code={"type": ["string", "null"]},
        name={"type": ["string", "null"]},
        status={"type": ["string", "null"]},
        standing=_STANDING,
    )
    counts = {"type": "object", "additionalProperties": COUNT}
    return _object(ok={"const": True}, counts=counts, results=_list(result))
