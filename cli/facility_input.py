"""What a clerk types about a facility, as fields: `--set 字段=值`, days, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cli.context import current, enumerated
from codes.errors import DataError, UsageError
from codes.messages import language, text

if TYPE_CHECKING:
    from sqlmodel import Session

NAMED_SO: Final = 5
"""Facilities named when a name was given for a code."""

CLEAR: Final = frozenset({"[清空]", "[clear]"})


@contextmanager
def registry_for_reading() -> Iterator[Session]:
    """Open the registry of this command and give a session that only reads."""
    from registry.db import open_registry, reading

    engine = open_registry(current.db)
    try:
        with reading(engine) as session:
            yield session
    finally:
        engine.dispose()


@contextmanager
def registry_for_writing(by: str) -> Iterator[Session]:
    """Open the registry and give a session whose one transaction commits at the end.

    Raises UsageError when nobody answers for what is written.
    """
    from registry.db import open_registry, writing

    if not by.strip():
        raise UsageError("facility.by_empty")
    engine = open_registry(current.db)
    try:
        with writing(engine) as session:
            yield session
    finally:
        engine.dispose()


def refuse_name(session: Session, code: str) -> None:
    """Raise DataError with the codes of what is called so, when a name is given for a code."""
    from codes import facility_code
    from registry.facilities.lookup import Filter, listing

    name = code.strip()
    if name.isascii() or facility_code.is_valid(name):
        return
    found = listing(session, Filter(text=name, ended=True), per_page=NAMED_SO)
    if found.items:
        known = enumerated(f"{facility_code.format(one.code)} {one.name}" for one in found.items)
        raise DataError("facility.code_is_name", seen=name, found=known, total=found.total)


def day_of(option: str, written: str | None) -> date | None:
    """Return the day written after an option; raises UsageError when it is none."""
    if written is None:
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise UsageError("facility.day_wrong", option=option, seen=written) from None


def moment_of(option: str, written: str | None) -> datetime | None:
    """Return a moment: as written, or the end of the day written, in China's time."""
    from codes.china_time import CHINA_TIME

    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written.strip().replace("：", ":"))
    except ValueError:
        raise UsageError("facility.moment_wrong", option=option, seen=written) from None
    if len(written.strip()) <= len("2026-11-22"):
        moment = datetime.combine(moment.date(), time.min) + timedelta(days=1, microseconds=-1)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)


def fields_of(settings: Sequence[str], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields by key: those of `--set`, then those of named options (None: not given).

    Raises UsageError for a setting without `=`, an unknown field and one that is given twice.
    """
    given = {key: value for key, value in named.items() if value is not None}
    fields = {key: typed(key, value) for key, value in given.items()}
    for setting in settings:
        header, equals, value = setting.partition("=")
        if not equals or not value.strip():
            raise UsageError("facility.set_wrong", seen=setting)
        key = key_named(header)
        if key in fields:
            raise UsageError("facility.set_twice", field=header.strip())
        fields[key] = typed(key, value)
    return fields


def key_named(header: str) -> str:
    """Return the key of the field that a header, an alias or a key names; never the code."""
    from codes.names import fold, near_names

    key = _names().get(fold(header))
    if key is None:
        near = enumerated(_shown(key) for key in near_names(header, _names()))
        near = near or text("upload.none")
        raise UsageError("facility.set_unknown", seen=header.strip(), near=near)
    if key == "code":
        raise UsageError("facility.set_code")
    return key


def typed(key: str, written: Any) -> Any:
    """Return what is written as the field's value; what cannot be read stays for the check to name.

    A choice may be written as an alias or in English, a division by its name as in an upload;
    `[清空]` clears.
    """
    from codes.elements import FIGURES, all_fields
    from codes.value_lists import find_value, list_names
    from registry.facilities.fields import to_number

    field, value = all_fields()[key], str(written).strip()
    if value in CLEAR:
        return None
    if field.kind in FIGURES:
        number = to_number(key, value)
        return int(number) if number.is_integer() else number
    if key == "division":
        return _division(value)
    if field.codebook in list_names():
        return find_value(field.codebook, value) or value
    return value


def _division(written: str) -> str:
    """Return the code of a division written as a name; raises UsageError when it is not clear."""
    from codes.china_time import today
    from codes.home import code_at_home
    from codes.names import fold
    from registry.uploads.placing.by_code import place_by_code

    if fold(written).isdigit():
        return written
    placed = place_by_code(written, today(), today())
    return placed.code or code_at_home(written, today(), _shown("division"))


@cache
def _names() -> dict[str, str]:
    from codes.elements import all_fields
    from codes.names import index_names

    return index_names(
        (field.key, (field.key, field.header_zh, field.header_en, *field.aliases))
        for field in all_fields().values()
    )


def _shown(key: str) -> str:
    from codes.elements import all_fields

    field = all_fields()[key]
    return field.header_zh if language() == "zh" else f"{field.header_en} ({field.key})"
