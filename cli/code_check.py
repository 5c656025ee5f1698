"""Check facility codes and print the verdicts; parser and registry stay unloaded, for speed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stdnum.exceptions import ValidationError

from cli.context import current, enumerated, give, say
from codes import facility_code

OK, FINDINGS = 0, 1


def check(codes: Sequence[str], file: str | None = None) -> int:
    """Check codes and those in a file, print each verdict, return the exit code.

    Raises StoreError for a file that cannot be read, DataError for one without codes.
    """
    results = [{"seen": code, **_verdict(code)} for code in codes]
    if file is not None:
        results += _file_results(file)
    if current.json:
        give(results)
    else:
        _print_results(results, whole_file=file is not None)
    return OK if all(result["valid"] for result in results) else FINDINGS


def _file_results(file: str) -> list[dict[str, Any]]:
    from cli.code_file import read_entries

    return [{**entry._asdict(), **_verdict(entry.seen)} for entry in read_entries(file)]


def _verdict(seen: str) -> dict[str, Any]:
    """Say whether a code is valid, in its two forms, or why not and what it may have been."""
    try:
        code = facility_code.validate(seen)
    except ValidationError as error:
        from codes.code_slips import likely_codes

        return {
            "valid": False,
            "code": None,
            "printed": None,
            "reason": type(error).__name__,
            "message": str(error),
            "likely": [facility_code.format(likely) for likely in likely_codes(seen)],
        }
    printed = facility_code.format(code)
    fine: dict[str, Any] = {"reason": None, "message": None, "likely": []}
    return {"valid": True, "code": code, "printed": printed, **fine}


def _print_results(results: list[dict[str, Any]], *, whole_file: bool) -> None:
    for result in results:
        in_file = "row" in result
        if result["valid"]:
            if not in_file:
                say("code.line_valid", printed=result["printed"])
            continue
        if in_file:
            sheet = f"{result['sheet']} " if result["sheet"] else ""
            say("code.file_line_invalid", **result | {"sheet": sheet})
        else:
            say("code.line_invalid", **result)
        if result["likely"]:
            say("code.likely", candidates=enumerated(result["likely"]))
    if whole_file or len(results) > 1:
        valid = sum(result["valid"] for result in results)
        say("code.checked", total=len(results), valid=valid, invalid=len(results) - valid)
