"""`fuwuma spec`: read the books of the spec and the elements of a facility type."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from cli.context import console, current, give, say
from cli.spec_listings import LISTINGS, Listing
from codes.messages import language, text


def add_to(root: typer.Typer) -> None:
    """Hang the group `spec` on the root: one command a book, and `elements`."""
    group = typer.Typer(help=text("spec.help.group"), no_args_is_help=True)
    for listing in LISTINGS:
        group.command(listing.command, help=text(listing.help_id))(_lister(listing))
    group.command("elements", help=text("spec.help.elements"))(_elements)
    group.command("check", help=text("spec.help.check"))(_check)
    root.add_typer(group, name="spec")


def _lister(listing: Listing) -> Callable[..., None]:
    def show(
        words: Annotated[str | None, typer.Argument(help=text("spec.help.words"))] = None,
    ) -> None:
        _show(listing, [row for row in listing.objects() if _has(row, words)])

    def show_plan(
        words: Annotated[str | None, typer.Argument(help=text("spec.help.words"))] = None,
        plan: Annotated[str | None, typer.Option(help=text("evaluate.help.plan"))] = None,
    ) -> None:
        from codes.indicators import indicators_of, plans

        wanted = {row.plan for row in indicators_of(plan)} if plan else set(plans())
        objects = [row for row in listing.objects() if row["plan"] in wanted]
        _show(listing, [row for row in objects if _has(row, words)])

    return show_plan if listing.by_plan else show


def _show(listing: Listing, objects: list[dict[str, Any]]) -> None:
    if current.json:
        give(objects)
        return
    _print_table(listing.columns, objects)
    say("spec.total", total=len(objects))


def _elements(
    facility_type: Annotated[str, typer.Argument(metavar="TYPE", help=text("spec.help.type"))],
) -> None:
    from codes.elements import fields_of, schema_of
    from codes.facility_types import find_type

    code = find_type(facility_type).code
    if current.json:
        give(schema_of(code))
        return
    fields = fields_of(code)
    objects = [
        {
            "key": field.key,
            "header": field.header_en if language() == "en" else field.header_zh,
            "requirement": text(f"spec.requirement.{field.requirement}"),
            "kind": text(f"spec.kind.{field.kind}"),
            "unit": field.unit_en if language() == "en" else field.unit_zh,
            "values": field.choices,
            "private": field.private,
        }
        for field in fields
    ]
    _print_table(("header", "key", "requirement", "kind", "unit", "values", "private"), objects)
    say("spec.elements_total", name=find_type(code).name_zh, code=code, total=len(fields))


def _check() -> None:
    from codes.book_check import book_names
    from codes.spec_check import check_spec

    mistakes = [str(mistake) for mistake in check_spec()]
    books = len(book_names())
    if current.json:
        give({"books": books, "mistakes": mistakes})
    else:
        for mistake in mistakes:
            say("audit.spec_mistake", mistake=mistake)
        say("spec.unsound" if mistakes else "spec.sound", books=books, count=len(mistakes))
    raise typer.Exit(1 if mistakes else 0)


def _has(row: dict[str, Any], words: str | None) -> bool:
    """Say whether any value of the row contains what the user looks for."""
    return not words or words.casefold() in str(list(row.values())).casefold()


def _print_table(columns: tuple[str, ...], objects: Iterable[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(show_lines=False, expand=False)
    for column in columns:
        table.add_column(text(f"spec.column.{column}"), overflow="fold")
    for row in objects:
        table.add_row(*(_shown(row, column) for column in columns))
    console().print(table)


def _shown(row: dict[str, Any], column: str) -> str:
    value = row.get(f"{column}_{language()}", row.get(column))
    if column == "level":
        return text(f"spec.level.{value}")
    if column == "severity":
        return text(f"spec.severity.{value}")
    if isinstance(value, bool):
        return text("spec.yes") if value else ""
    if isinstance(value, list | tuple):
        return ("、" if language() == "zh" else ", ").join(
            _named(column, str(one)) for one in value
        )
    return "" if value is None else _named(column, str(value))


def _named(column: str, value: str) -> str:
    """Put the name beside a code of another book; a department is known by name alone."""
    from cli.spec_listings import load

    books = {
        "category_code": "codes.categories:categories",
        "class_code": "codes.categories:classes",
        "department_codes": "codes.departments:departments",
    }
    if column not in books:
        return value
    row = load(books[column])()[value]
    name = row.name_en if language() == "en" else row.name_zh
    return str(name) if column == "department_codes" else f"{value} {name}"
