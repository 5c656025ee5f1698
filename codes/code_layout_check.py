"""Find what is wrong with a layout of the facility code before any code is read or made by it.

What is asked for is what the rest relies on: parts that can be cut by length, a payload the check
system can compute, and one kind of character in a place, since a digit written for a letter would
change the number of decimal digits and with it what MOD 97-10 can detect.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stdnum import iso7064

from codes.book import BookError
from codes.code_layout import CHECK, SEGMENTS, SERIAL, Segment, check_system

Mistake = tuple[str, dict[str, Any]]


def check_segments(
    segments: tuple[Segment, ...], known: Mapping[str, frozenset[str]], where: Path
) -> None:
    """Raise BookError for the first mistake in the layout."""
    for finder in (_segment_names, _characters, _print_and_pattern, _serial, _lists, _check):
        for message_id, params in finder(segments, known):
            raise BookError(message_id, where=where, **params)


def _segment_names(segments: tuple[Segment, ...], _known: object) -> Iterator[Mistake]:
    names = [segment.segment for segment in segments]
    if sorted(names) != sorted(SEGMENTS):
        yield "code.layout_segments", {"seen": ", ".join(names), "expected": ", ".join(SEGMENTS)}
    elif names[-1] != CHECK:
        yield "code.layout_check_last", {"seen": names[-1]}


def _characters(segments: tuple[Segment, ...], _known: object) -> Iterator[Mistake]:
    for segment in segments:
        seen = {"segment": segment.segment, "seen": segment.alphabet}
        if segment.length < 1:
            yield "code.layout_length", {"segment": segment.segment, "seen": segment.length}
        if len(set(segment.alphabet)) != len(segment.alphabet):
            yield "code.layout_alphabet_repeated", seen
        if not re.fullmatch("[0-9]+|[A-Z]+", segment.alphabet):
            yield "code.layout_alphabet_mixed", seen
        for pair in segment.misread:
            if len(pair) != 2 or pair[0] in segment.alphabet or pair[1] not in segment.alphabet:
                yield "code.layout_misread", {"segment": segment.segment, "seen": pair}


def _print_and_pattern(segments: tuple[Segment, ...], _known: object) -> Iterator[Mistake]:
    for segment in segments:
        separator = segment.separator_before
        if len(separator) > 1 or separator.isalnum():
            yield "code.layout_separator", {"segment": segment.segment, "seen": separator}
        try:
            re.compile(segment.pattern)
        except re.error as error:
            seen = {"segment": segment.segment, "seen": segment.pattern}
            yield "code.layout_pattern", seen | {"detail": error}


def _serial(segments: tuple[Segment, ...], _known: object) -> Iterator[Mistake]:
    serial = next(segment for segment in segments if segment.segment == SERIAL)
    if serial.alphabet != "0123456789":
        yield "code.layout_serial_digits", {"seen": serial.alphabet}
    elif not 0 <= serial.minimum < 10**serial.length:
        yield "code.layout_serial_minimum", {"seen": serial.minimum, "length": serial.length}


def _lists(segments: tuple[Segment, ...], known: Mapping[str, frozenset[str]]) -> Iterator[Mistake]:
    lengths = {segment.segment: segment.length for segment in segments} | {"": 0}
    for segment in segments:
        names = {"segment": segment.segment, "book": segment.book}
        if segment.book_prefix not in lengths:
            yield "code.layout_book_prefix", names | {"seen": segment.book_prefix}
            return
        length = lengths[segment.book_prefix] + segment.length
        for value in sorted(known.get(segment.segment, ())):
            if len(value) != length or set(value[-segment.length :]) - set(segment.alphabet):
                yield "code.layout_book_value", names | {"seen": value, "length": length}


def _check(segments: tuple[Segment, ...], _known: object) -> Iterator[Mistake]:
    systems = sorted(module.name for module in pkgutil.iter_modules(iso7064.__path__))
    check = segments[-1]
    if check.check_system not in systems:
        yield "code.layout_check_system", {"seen": check.check_system, "known": ", ".join(systems)}
        return
    payload = "".join(segment.alphabet[-1] * segment.length for segment in segments[:-1])
    try:
        digits = check_system(check.check_system)(payload)
    except ValueError:  # e.g. letters before a system for digits only
        yield "code.layout_check_unfit", {"seen": check.check_system, "payload": payload}
        return
    if len(digits) != check.length:
        yield (
            "code.layout_check_length",
            {"seen": check.length, "expected": len(digits), "system": check.check_system},
        )
