"""The entry point: take off the common options, run one command, turn errors into exit codes."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import Final

from cli.stopping import stop_in_order, told_to_stop
from codes.errors import FuwumaError
from codes.messages import LANGUAGES, text, use_language

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
"""The hyphen of the keyboard first, then what is taken for it."""

SWEEP: Final = 200_000
"""New objects after which cycles are looked for; at Python's own 700 that is a sixth of a check."""


def main(arguments: list[str] | None = None) -> None:
    """Run `fuwuma` and exit with 0, 1, 2, 3 or 4 (see `docs/architecture.md`)."""
    gc.set_threshold(SWEEP)
    stop_in_order()
    if not os.environ.get("FUWUMA_DEBUG"):
        # what fails while an object is thrown away (a half-written workbook, on a full disk) has
        # been told of already; Python would print its traceback
        sys.unraisablehook = lambda _: None
    code = run(sys.argv[1:] if arguments is None else arguments)
    if "duckdb" not in sys.modules:  # which takes what is left at the end for leaks, and says so
        gc.freeze()  # or all that was loaded is searched for cycles again: a sixth of a check
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; nothing escapes as a traceback."""
    _never_fail_to_print()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        if not told_to_stop():  # then it ends by that signal, without a word
            _complain(text("cli.interrupted"))
        return 130
    except SystemExit as stop:
        if stop.code != 1:
            raise
        # so parser and rich leave when nobody reads on; to us it would mean findings
        return _explain(BrokenPipeError())
    except Exception as error:
        return _explain(error)


def _run(arguments: list[str]) -> int:
    _refuse_unreadable(arguments)
    _refuse_dashes(arguments)
    rest = _take_common_options(arguments)
    if _only_checks_codes(rest):
        from cli.code_check import check

        return check(rest[2:])
    from cli.app import run_app

    return run_app(rest)


def _explain(error: Exception) -> int:
    """Say what went wrong in one sentence and return the exit code for it."""
    if isinstance(error, FuwumaError):
        return _explain_ours(error)
    if isinstance(error, BrokenPipeError):
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  the reader has gone
        return 0
    if isinstance(error, OverflowError):
        _complain(text("cli.number_too_large"))
        return 2
    if isinstance(error, MemoryError):
        _complain(text("cli.memory_short"))
        return 4
    if isinstance(error, OSError):
        from codes.system_errors import reason_of

        _complain(text("cli.file_unusable", path=error.filename or "-", detail=reason_of(error)))
        return 4
    if os.environ.get("FUWUMA_DEBUG"):
        raise error
    # the last resort: a fault of ours must not end in a traceback
    _complain(text("cli.fault", kind=type(error).__name__, detail=error))
    return 4


def _explain_ours(error: FuwumaError) -> int:
    from cli import context

    _complain(str(error))
    if context.current.json:
        context.give({"error": error.message_id, "message": str(error), **_plain(error.params)})
    return error.exit_code


def _never_fail_to_print() -> None:
    """Let a terminal that has no Chinese show marks in its place instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refuse_unreadable(arguments: list[str]) -> None:
    """Refuse bytes that are no text in the terminal's encoding, and NUL."""
    from codes.errors import UsageError

    for argument in arguments:
        if "\0" in argument or any("\ud800" <= character <= "\udfff" for character in argument):
            seen = argument.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
            raise UsageError("cli.argument_unreadable", seen=seen)


def _refuse_dashes(arguments: list[str]) -> None:
    """Refuse an option typed with dashes that an editor or an input method put in."""
    from codes.errors import UsageError

    for argument in arguments:
        if argument == "--":
            return
        body = argument.lstrip(DASHES)
        dashes = argument[: len(argument) - len(body)]
        # a value may begin with a dash too, but not go on in letters of an option
        if dashes.strip("-") and body[:1].isascii() and body[:1].isalpha():
            option = body.partition("=")[0]
            raise UsageError("cli.option_dashes", seen=dashes + option, option=f"--{option}")


def _only_checks_codes(arguments: list[str]) -> bool:
    # run from other programs again and again: loading the parser would double its time
    options = any(argument.startswith("-") for argument in arguments)
    return arguments[:2] == ["code", "check"] and len(arguments) > 2 and not options


def _take_common_options(arguments: list[str]) -> list[str]:
    from cli.context import current

    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            return [*rest, argument, *waiting]
        if name in ("--db", "--lang"):
            _set_common(name, value if equals else next(waiting, None))
        elif argument == "--json":
            current.json = True
        else:
            rest.append(argument)
    return rest


def _set_common(name: str, value: str | None) -> None:
    from cli.context import current
    from codes.errors import UsageError

    if not value:
        raise UsageError("cli.option_needs_value", option=name)
    if name == "--db":
        current.db = value
    elif value in LANGUAGES:
        use_language(value)
    else:
        raise UsageError("cli.language_unknown", seen=value, known=", ".join(LANGUAGES))


def _complain(sentence: str) -> None:
    from cli.context import harmless

    print(harmless(sentence), file=sys.stderr)


def _plain(params: dict[str, object]) -> dict[str, object]:
    kept = (str, int, float, bool, list, dict, type(None))
    return {key: value if isinstance(value, kept) else str(value) for key, value in params.items()}
