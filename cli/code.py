"""`fuwuma code`: check facility codes and explain what one says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.context import current, enumerated, give, say
from codes.china_time import today
from codes.errors import DataError, UsageError
from codes.messages import language, text

if TYPE_CHECKING:
    from codes.categories import Category, ServiceClass
    from codes.code_explanation import CodeExplanation, CountyAtIssue


def add_to(root: typer.Typer) -> None:
    """Hang the group `code` on the root."""
    group = typer.Typer(help=text("code.help.group"), no_args_is_help=True)
    group.command("check", help=text("code.help.check"))(_check)
    group.command("explain", help=text("code.help.explain"))(_explain)
    root.add_typer(group, name="code")


def _check(
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="CODE", help=text("code.help.codes"))
    ] = None,
    file: Annotated[str | None, typer.Option(metavar="FILE", help=text("code.help.file"))] = None,
) -> None:
    from cli.code_check import check

    if not codes and file is None:
        raise UsageError("code.nothing_to_check")
    raise typer.Exit(check(codes or (), file))


def _explain(code: Annotated[str, typer.Argument(help=text("code.help.code"))]) -> None:
    from stdnum.exceptions import ValidationError

    from cli.code_registry import registered
    from codes import facility_code
    from codes.code_explanation import explain_code

    try:
        stored = facility_code.validate(code)
    except ValidationError as error:
        raise DataError("code.cannot_explain", seen=code, detail=error) from None
    day = today()
    entry = registered(stored, day)
    explained = explain_code(stored, day, entry.issued_on if entry else None)
    if current.json:
        give(_as_document(explained) | {"registry": entry.as_document() if entry else None})
        return
    _print_explanation(explained)
    if entry:
        entry.print_out()


def _as_document(explained: CodeExplanation) -> dict[str, Any]:
    county = explained.county
    return {
        "code": explained.code,
        "printed": explained.printed,
        "category": _named(explained.category),
        "class": _named(explained.service_class),
        "county": {
            "code": county.code,
            "name": county.name,
            "ended_on": county.ended_on,
            "today": [{"code": unit.code, "name": unit.name} for unit in county.today],
        },
        "serial": explained.serial,
        "check_digits": explained.check_digits,
    }


def _named(item: Category | ServiceClass) -> dict[str, str]:
    return {"code": item.code, "name_zh": item.name_zh, "name_en": item.name_en}


def _print_explanation(explained: CodeExplanation) -> None:
    say("code.explain_title", printed=explained.printed, code=explained.code)
    say("code.explain_issue")
    category, service = explained.category, explained.service_class
    say("code.explain_category", code=category.code, name=_in_language(category))
    say("code.explain_class", code=service.code, name=_in_language(service))
    _print_county(explained.county)
    say("code.explain_serial", serial=explained.serial)
    say("code.explain_check", check=explained.check_digits)


def _print_county(county: CountyAtIssue) -> None:
    if county.name is None:
        say("code.explain_county_unknown", code=county.code)
        return
    say("code.explain_county", code=county.code, name=county.name)
    if [unit.code for unit in county.today] == [county.code]:
        return
    names = enumerated(f"{unit.code} {unit.name}" for unit in county.today)
    if county.ended_on is None:
        say("code.explain_county_parted", names=names)
    elif names:
        say("code.explain_county_ended", date=county.ended_on, names=names)
    else:
        say("code.explain_county_lost", date=county.ended_on)


def _in_language(item: Category | ServiceClass) -> str:
    return item.name_en if language() == "en" else item.name_zh
