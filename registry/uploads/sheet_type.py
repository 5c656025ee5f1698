"""Take the type of a sheet's rows from its name, where it has no column for it."""

from __future__ import annotations

from dataclasses import replace

from codes.reserved_names import sheet_title
from registry.uploads.columns import SheetColumns
from registry.uploads.findings import Finding, found
from registry.uploads.normalising.row import read_type
from registry.uploads.normalising.sheet import TYPE
from registry.uploads.settings import UploadSettings
from registry.uploads.source import SourceSheet


def settings_of(
    sheet: SourceSheet, columns: SheetColumns, settings: UploadSettings
) -> tuple[UploadSettings, list[Finding]]:
    """Return how the rows of a sheet are read, and what is said of it.

    Workbooks with a sheet for each type often say the type nowhere else.
    """
    if not sheet.name or TYPE in columns.read or TYPE in settings.given:
        return settings, []
    kind, *_ = read_type(sheet_title(sheet.name))
    if kind is None:
        return settings, []
    said = found(
        "type_of_sheet",
        sheet.name,
        sheet.header_row,
        value=sheet.name,
        read_type=kind.code,
    )
    return replace(settings, given={**settings.given, TYPE: kind.code}), [said]
