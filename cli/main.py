"""The entry point: take off the common options, run one command, turn errors into exit codes."""

from __future__ import annotations

import os
import sys

from codes.errors import FuwumaError
from codes.messages import LANGUAGES, text, use_language


def main(arguments: list[str] | None = None) -> None:
    """Run `fuwuma` and exit with 0, 1, 2, 3 or 4 (see `docs/architecture.md`)."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; nothing escapes as a traceback."""
    from cli import context

    try:
        rest = _take_common_options(arguments)
        if _only_checks_codes(rest):
            from cli.code_check import check

            return check(rest[2:])
        from cli.app import run_app

        return run_app(rest)
    except FuwumaError as error:
        _complain(str(error))
        if context.current.json:
            context.give({"error": error.message_id, "message": str(error), **_plain(error.params)})
        return error.exit_code
    except KeyboardInterrupt:
        _complain(text("cli.interrupted"))
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  the reader has gone
        return 0
    except OSError as error:
        _complain(text("cli.file_unusable", path=error.filename or "-", detail=error.strerror))
        return 4


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
    print(sentence, file=sys.stderr)


def _plain(params: dict[str, object]) -> dict[str, object]:
    kept = (str, int, float, bool, list, dict, type(None))
    return {key: value if isinstance(value, kept) else str(value) for key, value in params.items()}
