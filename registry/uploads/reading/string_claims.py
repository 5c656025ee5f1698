"""Refuse a workbook that claims more shared strings than it can hold.

The reader library reserves memory for as many as are claimed; where there is no such memory it ends
the whole program, and no error can be caught.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from registry.uploads.reading.sheet_xml import member_key

STRINGS: Final = "xl/sharedstrings.xml"
"""The only name by which the library knows the part, as `member_key` gives it."""

SHORTEST: Final = len("<si/>")

_BEGIN: Final = re.compile(rb"<(?:[^\s<>]+:)?sst(?=[\s/])")
_ATTRIBUTES: Final = re.compile(rb"(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*+\s*/?>")
_CLAIM: Final = re.compile(rb"\suniqueCount\s*=\s*[\"']\+?0*(\d+)")


def check_string_claims(archive: zipfile.ZipFile) -> None:
    """Raise BadZipFile when the part of the strings is too short for those it claims.

    Its unpacked size must have been checked.
    """
    for member in archive.infolist():
        if member_key(member.filename) == STRINGS:
            xml = archive.read(member)
            claimed = max(map(_claimed, _tags(xml)), default=0)
            if claimed > len(xml) // SHORTEST:
                raise zipfile.BadZipFile(f"{claimed} strings in {len(xml)} bytes")


def _tags(xml: bytes) -> Iterator[bytes]:
    """Yield the attributes of each element `sst`; the library reads those that are no XML too."""
    for begin in _BEGIN.finditer(xml):
        found = _ATTRIBUTES.match(xml, begin.end())
        if found is None:
            raise zipfile.BadZipFile("sst")
        yield found.group()


def _claimed(attributes: bytes) -> int:
    return max((int(digits[:20]) for digits in _CLAIM.findall(attributes)), default=0)
