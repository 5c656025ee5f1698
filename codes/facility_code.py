"""设施编码 (facility code of a public-service facility).

A permanent code: category letter, class, county at issue, serial, check digits by ISO/IEC 7064
MOD 97-10. It is stored as 17 characters and printed with hyphens. Class and county are facts at
issue and say nothing of today. Spaces, hyphens of any kind, lower case and full-width characters
are accepted. The layout is the book `code_layout`; it is our own design, not a standard's text.

>>> validate('E02-330106-000174-06')
'E0233010600017406'
>>> format('ｅ０２ ３３０１０６－０００１７４－０６')
'E02-330106-000174-06'
>>> make('E02', '330106', 174)
'E0233010600017406'
>>> split('E0233010600017406').serial
174
>>> is_valid('E02-330106-000147-06')  # two digits swapped
False
>>> from_int(to_int('E0233010600017406'))
'E0233010600017406'
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from stdnum.exceptions import (
    InvalidChecksum,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)
from stdnum.util import clean

from codes.code_checks import (
    check_characters,
    check_components,
    check_length,
    check_serial,
    shown,
)
from codes.code_layout import CATEGORY, CHECK, CLASS, COUNTY, SERIAL, load_layout
from codes.messages import text

MOD_97_10: Final = "mod_97_10"
_HALF_WIDTH: Final = {ord("！") + shift: ord("!") + shift for shift in range(94)}
_DASHES_AND_INVISIBLE: Final = frozenset({"Pd", "Cf"})


@dataclass(frozen=True)
class Parts:
    """What a code prints: facts at issue. `class_code` begins with the category's letter."""

    category_code: str
    class_code: str
    county_code: str
    serial: int
    check_digits: str


def compact(number: str) -> str:
    """Return the code as it is stored, without checking it."""
    separators = load_layout().separators
    half = clean(number).translate(_HALF_WIDTH)
    return "".join(
        character
        for character in half.upper()
        if not character.isspace()
        and character not in separators
        and unicodedata.category(character) not in _DASHES_AND_INVISIBLE
    )


def calc_check_digits(number: str) -> str:
    """Return the check digits of a code that lacks them; raises InvalidLength, InvalidFormat."""
    payload = compact(number)
    layout = load_layout()
    check_length(payload, layout.payload_length, number)
    check_characters(payload, layout, number)
    return layout.check_digits_of(payload)


def validate(number: str) -> str:
    """Return the stored form of a valid code.

    Raises InvalidLength, InvalidFormat (a character not allowed in its place), InvalidComponent (no
    such category or class, impossible county, serial never given) or InvalidChecksum. Whether a
    division book knows the county is not asked: codes outlive divisions.
    """
    code = compact(number)
    layout = load_layout()
    check_length(code, layout.length, number)
    check_characters(code, layout, number)
    check_components(_by_name(code), layout, number)
    if layout.check_digits_of(code[: layout.payload_length]) != code[layout.payload_length :]:
        raise InvalidChecksum(text("code.checksum_wrong", seen=shown(number)))
    return code


def is_valid(number: str) -> bool:
    """Say whether the code is valid."""
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def format(number: str) -> str:
    """Return the printed form; the code is not checked."""
    cut = load_layout().cut(compact(number))
    return "".join(segment.separator_before + part for segment, part in cut if part)


def split(number: str) -> Parts:
    """Return the parts of a valid code; raises as `validate` does."""
    parts = _by_name(validate(number))
    return Parts(
        category_code=parts[CATEGORY],
        class_code=parts[CATEGORY] + parts[CLASS],
        county_code=parts[COUNTY],
        serial=int(parts[SERIAL]),
        check_digits=parts[CHECK],
    )


def make(class_code: str, county_code: str, serial: int) -> str:
    """Return the stored code of a class, a county and a serial.

    Raises InvalidComponent for an unknown class, an impossible county or a serial out of range.
    """
    layout = load_layout()
    check_serial(serial, layout)
    before, after = _around_serial(class_code, county_code)
    payload = before + str(serial).zfill(layout.by_name(SERIAL).length) + after
    return payload + layout.check_digits_of(payload)


def make_run(class_code: str, county_code: str, first: int, count: int) -> list[str]:
    """Return the stored codes of `count` serials in a row; raises as `make` does.

    >>> make_run('E02', '330106', 174, 2)
    ['E0233010600017406', 'E0233010600017503']
    """
    layout = load_layout()
    width, (before, after) = layout.by_name(SERIAL).length, _around_serial(class_code, county_code)
    if count < 1:
        return []
    if after or layout.segments[-1].check_system != MOD_97_10:
        return [make(class_code, county_code, first + place) for place in range(count)]
    check_serial(first, layout)
    check_serial(first + count - 1, layout)
    # the next serial adds 1 to the payload, and so 100 to the number that is divided by 97
    rest = 98 - int(layout.check_digits_of(f"{before}{first:0{width}d}"))
    return [
        f"{before}{first + place:0{width}d}{98 - (rest + 100 * place) % 97:02d}"
        for place in range(count)
    ]


def to_int(number: str) -> int:
    """Return a valid code as the integer MOD 97-10 sees: a letter counts 10 to 35, as in base 36.

    With the shipped layout it has 18 digits and fits a signed 64-bit column, and `n % 97 == 1` is
    the checksum. Raises as `validate` does.
    """
    return int("".join(str(int(character, 36)) for character in validate(number)))


def from_int(value: int) -> str:
    """Return the stored code of an integer made by `to_int`; raises as `validate` does."""
    left, code = value, ""
    for segment in reversed(load_layout().segments):
        base = 10 if segment.alphabet.isdigit() else 100
        for _ in range(segment.length):
            left, digit = divmod(left, base)
            if digit > 35:
                raise InvalidFormat(text("code.integer_wrong", seen=value))
            code = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + code
    if left:
        raise InvalidLength(text("code.integer_wrong", seen=value))
    return validate(code)


def _by_name(code: str) -> dict[str, str]:
    return {segment.segment: part for segment, part in load_layout().cut(code)}


@lru_cache(maxsize=4096)
def _around_serial(class_code: str, county_code: str) -> tuple[str, str]:
    # checked once per class and county: codes are given in runs
    layout = load_layout()
    letter = layout.by_name(CATEGORY).length
    parts = {
        CATEGORY: class_code[:letter],
        CLASS: class_code[letter:],
        COUNTY: county_code,
        SERIAL: "",
    }
    check_components(parts, layout, f"{class_code} {county_code}")
    names = [segment.segment for segment in layout.segments[:-1]]
    at = names.index(SERIAL)
    return "".join(parts[name] for name in names[:at]), "".join(parts[name] for name in names[at:])
