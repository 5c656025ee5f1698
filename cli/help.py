"""The page that `--help` prints: every sentence whole, in the language in use.

Typer's own page cuts what a command does after half a line, has its headings in English, and takes
a Chinese character for as wide as a Latin one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

import typer

from codes.messages import text

WIDEST: Final = 100
NARROWEST: Final = 50
INDENT: Final = 2
NAMES: Final = 30
"""Columns that names may take; what is said of a longer one begins on the next line."""

SENTENCE: Final = re.compile(r".*?(?:。|\.(?=\s|$))", re.DOTALL)
WIDE: Final = "\u2e80-\uffff"
OPENING: Final = "（“《【"
CLOSING: Final = "，。；：、）”》】！？"
PIECE: Final = re.compile(
    rf"\s+|[{OPENING}]*(?:[^\s{WIDE}{OPENING}{CLOSING}]+|[{WIDE}])?[{CLOSING}]*"
)
"""What stays in one line: a Latin word or a Chinese character, and the marks around it."""

Row = tuple[str, str]


class HelpContext(typer.Context):
    """A command's context that shows our page."""

    def get_help(self) -> str:
        """Return the page of the command."""
        return "\n".join(_page(self)).rstrip()

    def get_usage(self) -> str:
        """Return how the command is written."""
        return text("cli.usage.line", usage=" ".join(_usage(self)))


def speak(command: Any) -> None:
    """Let a command, and those below it, show our page."""
    command.context_class = HelpContext
    for below in getattr(command, "commands", {}).values():
        speak(below)


def said_of(one: Any) -> str:
    """Return what is said of a parameter, whether it has to be given, and what it is otherwise."""
    said = text("cli.help.help") if one.name == "help" else one.help or ""
    if one.required:
        return said + ("" if _is_argument(one) else text("cli.help.required"))
    if one.show_default and one.default not in (None, False, "", ()):
        return said + text("cli.help.default", value=one.default)
    return said + text("cli.help.may_lack") if _is_argument(one) else said


def wrapped(sentences: str, width: int) -> list[str]:
    """Return a text in lines of so many columns; a Chinese character takes two.

    >>> wrapped("收表：检查 a.xlsx，再报。", 12)
    ['收表：检查', 'a.xlsx，再', '报。']
    """
    lines, line = [], ""
    for piece in filter(None, PIECE.findall(sentences)):
        if _columns(line + piece.rstrip()) > width and line:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()]


def _page(context: typer.Context) -> Iterator[str]:
    width = max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST))
    command: Any = context.command
    yield context.get_usage()
    yield ""
    for line in wrapped(command.help or "", width - INDENT):
        yield " " * INDENT + line
    shown = [one for one in command.get_params(context) if not getattr(one, "hidden", False)]
    sections = {
        "arguments": [(_name(one), said_of(one)) for one in shown if _is_argument(one)],
        "options": [(_options(one), said_of(one)) for one in shown if not _is_argument(one)],
        "commands": [
            (name, _first_sentence(one.help or ""))
            for name, one in getattr(command, "commands", {}).items()
        ],
    }
    for name, rows in sections.items():
        if rows:
            yield from ("", text(f"cli.help.{name}"), *_listed(rows, width))


def _usage(context: typer.Context) -> Iterator[str]:
    command: Any = context.command
    yield context.command_path
    yield f"[{text('cli.help.any_option')}]"
    for one in sorted(command.params, key=_is_argument):
        if _is_argument(one):
            yield _name(one) if one.required else f"[{_name(one)}]"
        elif one.required:
            yield f"{one.opts[0]} {_metavar(one)}"
    if hasattr(command, "commands"):
        yield text("cli.help.any_command")


def _listed(rows: Sequence[Row], width: int) -> Iterator[str]:
    longest = max(_columns(name) for name, _ in rows)
    room = min(longest, NAMES) + 2 * INDENT
    for name, said in rows:
        first = " " * INDENT + name
        lines = wrapped(said, width - room)
        if _columns(first) + INDENT > room:
            yield first
        else:
            gap = " " * (room - _columns(first))
            yield (first + gap + lines.pop(0)).rstrip()
        yield from (" " * room + line for line in lines)


def _options(one: Any) -> str:
    names = " / ".join(", ".join(names) for names in (one.opts, one.secondary_opts) if names)
    return names if one.is_flag else f"{names} {_metavar(one)}"


def _is_argument(one: Any) -> bool:
    return bool(one.param_type_name == "argument")


def _name(one: Any) -> str:
    name = str(one.metavar or one.name.upper())
    return name if one.nargs == 1 or name.endswith("...") else f"{name}..."


def _metavar(one: Any) -> str:
    annotation = one.type_descriptor.annotation
    kinds = {int: "number", float: "number", Path: "path"}
    return str(one.metavar or text(f"cli.help.{kinds.get(annotation, 'value')}"))


def _first_sentence(said: str) -> str:
    found = SENTENCE.match(said)
    return found.group() if found else said


def _columns(line: str) -> int:
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in line)
