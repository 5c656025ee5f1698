"""The `fuwuma facility` commands that write; each is one act, by somebody named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.context import current, enumerated, give, say
from codes import facility_code
from codes.messages import text

if TYPE_CHECKING:
    from registry.facilities.effects import State

Code = Annotated[str, typer.Argument(metavar="CODE", help=text("facility.help.code"))]
By = Annotated[str, typer.Option("--by", metavar="WHO", help=text("facility.help.by"))]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help=text("facility.help.on"))]
Reason = Annotated[str | None, typer.Option("--reason", help=text("facility.help.reason"))]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help=text("facility.help.set"))
]
Text = Annotated[str | None, typer.Option(help=text("facility.help.field"))]


def add_to(group: typer.Typer) -> None:
    """Hang the commands on the group."""
    group.command("add", help=text("facility.help.add"))(_add)
    group.command("change", help=text("facility.help.change"))(_change)
    group.command("correct", help=text("facility.help.correct"))(_correct)
    group.command("close", help=text("facility.help.close"))(_close)
    group.command("reopen", help=text("facility.help.reopen"))(_reopen)
    group.command("restore", help=text("facility.help.restore"))(_restore)
    group.command("merge", help=text("facility.help.merge"))(_merge)
    group.command("split", help=text("facility.help.split"))(_split)
    group.command("duplicate", help=text("facility.help.duplicate"))(_duplicate)
    group.command("annul", help=text("facility.help.annul"))(_annul)


def _add(
    by: By,
    type_: Annotated[str, typer.Option("--type", help=text("facility.help.type"))],
    name: Annotated[str, typer.Option(help=text("facility.help.name"))],
    division: Annotated[str, typer.Option(help=text("facility.help.division"))],
    status: Annotated[str, typer.Option(help=text("facility.help.status"))] = "运营",
    address: Text = None,
    longitude: Text = None,
    latitude: Text = None,
    datum: Text = None,
    operator_name: Annotated[
        str | None, typer.Option("--operator", help=text("facility.help.field"))
    ] = None,
    operator_uscc: Annotated[
        str | None, typer.Option("--uscc", help=text("facility.help.field"))
    ] = None,
    ownership: Text = None,
    department: Text = None,
    opened_on: Text = None,
    settings: Settings = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help=text("facility.help.as_of"))
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help=text("facility.help.registered_on"))
    ] = None,
    reason: Reason = None,
    sure: Annotated[bool, typer.Option("--sure", help=text("facility.help.sure"))] = False,
) -> None:
    from cli.facility_card import document
    from cli.facility_entry import refuse_doubtful
    from cli.facility_input import day_of, fields_of, registry_for_writing
    from codes.china_time import today
    from registry.facilities.fields import split_keys
    from registry.facilities.lookup import find
    from registry.facilities.register import register

    named = {
        "type": type_,
        "name": name,
        "division": division,
        "status": status,
        "address": address,
        "longitude": longitude,
        "latitude": latitude,
        "datum": datum,
        "operator_name": operator_name,
        "operator_uscc": operator_uscc,
        "ownership": ownership,
        "department": department,
        "opened_on": opened_on,
    }
    given_on, given_as_of = day_of("--on", on), day_of("--as-of", as_of)
    fields, measures, numbers = split_keys(fields_of(settings or (), named))
    fields.setdefault("as_of", given_as_of or given_on or today())
    with registry_for_writing(by) as session:
        refuse_doubtful(session, {**fields, **numbers, **measures}, sure=sure)
        code = register(
            session,
            fields,
            capabilities=measures,
            identifiers=numbers,
            by=by,
            on=given_on or given_as_of or today(),
            reason=reason,
        )
        view = find(session, code)
    say("facility.done.add", code=facility_code.format(code), name=view.name)
    if current.json:
        give(document(view))


def _change(
    code: Code, by: By, settings: Settings = None, on: On = None, reason: Reason = None
) -> None:
    from cli.facility_input import day_of, fields_of
    from codes.china_time import today
    from codes.errors import UsageError
    from registry.facilities.change import change

    fields = fields_of(settings or (), {})
    if not fields:
        raise UsageError("facility.set_nothing")
    day = day_of("--on", on) or today()
    _write("change", change, code, fields, on=day, by=by, reason=reason)


def _correct(
    code: Code,
    by: By,
    settings: Settings = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help=text("facility.help.since"))
    ] = None,
    reason: Reason = None,
) -> None:
    from cli.facility_input import day_of, fields_of
    from codes.errors import UsageError
    from registry.facilities.change import correct

    fields, day = fields_of(settings or (), {}), day_of("--since", since)
    if not fields and day is None:
        raise UsageError("facility.set_nothing")
    _write("correct", correct, code, fields, since=day, by=by, reason=reason)


def _close(code: Code, by: By, on: On = None, reason: Reason = None) -> None:
    from registry.facilities.change import close

    _write("close", close, code, on=_day(on), by=by, reason=reason)


def _reopen(code: Code, by: By, on: On = None, reason: Reason = None) -> None:
    from registry.facilities.change import reopen

    _write("reopen", reopen, code, on=_day(on), by=by, reason=reason)


def _restore(code: Code, by: By, reason: Reason = None) -> None:
    from registry.facilities.restore import restore

    _write("restore", restore, code, by=by, reason=reason)


def _annul(code: Code, by: By, reason: Reason = None) -> None:
    from registry.facilities.change import annul

    _write("annul", annul, code, by=by, reason=reason)


def _merge(
    codes: Annotated[list[str], typer.Argument(metavar="CODE", help=text("facility.help.codes"))],
    into: Annotated[str, typer.Option(metavar="CODE", help=text("facility.help.merge_into"))],
    by: By,
    on: On = None,
    reason: Reason = None,
) -> None:
    from registry.facilities.succession import merge

    _link("merge", merge, codes, [into], codes, into, on=_day(on), by=by, reason=reason)


def _split(
    code: Code,
    into: Annotated[list[str], typer.Option(metavar="CODE", help=text("facility.help.split_into"))],
    by: By,
    on: On = None,
    reason: Reason = None,
) -> None:
    from registry.facilities.succession import split

    _link("split", split, [code], into, code, into, on=_day(on), by=by, reason=reason)


def _duplicate(
    code: Code,
    of: Annotated[str, typer.Option(metavar="CODE", help=text("facility.help.duplicate_of"))],
    by: By,
    reason: Reason = None,
) -> None:
    from registry.facilities.succession import mark_duplicate

    _link("duplicate", mark_duplicate, [code], [of], code, of, by=by, reason=reason)


def _day(on: str | None) -> Any:
    from cli.facility_input import day_of
    from codes.china_time import today

    return day_of("--on", on) or today()


def _write(done: str, act: Any, code: str, *arguments: Any, by: str, **options: Any) -> None:
    """Do one act on one facility and tell what it is now, and what differs."""
    from cli.facility_card import document
    from cli.facility_changes import print_data_date, print_numbers
    from cli.facility_input import refuse_name, registry_for_writing
    from registry.facilities.effects import moved_on, state_of
    from registry.facilities.lookup import find

    with registry_for_writing(by) as session:
        refuse_name(session, code)
        before, was = find(session, code), state_of(session, code)
        changed = act(session, code, *arguments, by=by, **options) is not False
        view, became = find(session, code), state_of(session, code)
    shown = facility_code.format(view.code)
    say(f"facility.done.{done}" if changed else "facility.done.nothing", code=shown, name=view.name)
    given = arguments[0] if arguments else {}
    _tell(was, became, given, options)
    print_data_date(
        moved_on(was, became, given), shown, may_be_kept="status" not in given and done == "change"
    )
    print_numbers(before, view)
    if current.json:
        give({"changed": changed, **document(view)})


def _tell(was: State, became: State, given: dict[str, Any], options: dict[str, Any]) -> None:
    """Tell what an act changed since which day, what stands later, and where the record begins."""
    from cli.facility_changes import print_effects, print_untouched
    from codes.china_time import today
    from registry.facilities.effects import effects, untouched

    since = options.get("since")
    print_effects(effects(was, became, given))
    day = since or options.get("on") or today()
    print_untouched(untouched(became, given, day), since_given=since is not None)
    old, new = was.line[0]["valid_from"], became.line[0]["valid_from"]
    if old != new:
        say("facility.card.start_moved", old=old, new=new)


def _link(
    done: str,
    act: Any,
    sources: list[str],
    targets: list[str],
    *arguments: Any,
    by: str,
    **options: Any,
) -> None:
    """Do one act that links facilities and tell which."""
    from cli.facility_input import refuse_name, registry_for_writing

    with registry_for_writing(by) as session:
        for one in (*sources, *targets):
            refuse_name(session, one)
        act(session, *arguments, by=by, **options)
    stored = [[facility_code.compact(code) for code in codes] for codes in (sources, targets)]
    shown = [enumerated(map(facility_code.format, codes)) for codes in stored]
    say(f"facility.done.{done}", code=shown[0], into=shown[1])
    if current.json:
        give({"codes": stored[0], "into": stored[1]})
