"""The workbook a department fills in: one facility type, one row a facility.

Three sheets: the rows to fill in, with a worked example; how to fill them in and send them back;
and the code lists behind the drop-downs.
"""

from __future__ import annotations

from pathlib import Path

from codes.facility_types import FacilityType, find_type
from codes.messages import language, text
from exports.workbooks.columns import columns_of
from exports.workbooks.saving import new_workbook
from exports.workbooks.settings import settings
from exports.workbooks.template_data import write_data_sheet
from exports.workbooks.template_guide import write_guide
from exports.workbooks.template_lists import write_lists


def write_template(
    type_code: str, path: Path, lang: str | None = None, city_code: str | None = None
) -> FacilityType:
    """Write the template of a facility type to `path`, replacing what is there; return the type.

    `type_code` is a code, a Chinese name or an alias; `city_code` says whose divisions are offered
    (`settings.toml` has the default). Raises DataError for an unknown type or city, and StoreError
    when the file cannot be written.
    """
    lang = lang or language()
    facility_type = find_type(type_code)
    columns = columns_of(facility_type.code, lang, city_code)
    font = {"font_name": settings().template.font, "font_size": settings().template.font_size}
    with new_workbook(path, {"default_format_properties": font}) as workbook:
        workbook.set_properties(
            {"title": text("workbook.template.title", lang=lang, type=_name(facility_type, lang))}
        )
        data = workbook.add_worksheet(text("workbook.sheet.data", lang=lang))
        guide = workbook.add_worksheet(text("workbook.sheet.guide", lang=lang))
        lists = workbook.add_worksheet(text("workbook.sheet.lists", lang=lang))
        places = write_lists(workbook, lists, columns, lang)
        write_data_sheet(workbook, data, columns, places, lang)
        write_guide(workbook, guide, columns, facility_type, lang)
        data.activate()
    return facility_type


def _name(facility_type: FacilityType, lang: str) -> str:
    return facility_type.name_en if lang == "en" else facility_type.name_zh
