"""The rule catalogue and the data dictionary as Markdown, in one language."""

from __future__ import annotations

from codes.capabilities import capabilities
from codes.categories import classes
from codes.elements import Field, all_fields
from codes.facility_types import facility_types
from codes.messages import text
from codes.rules import rules


def rule_catalogue(lang: str) -> str:
    """Return one section per rule, with its id as the heading so that a link to it stays."""
    lines = [
        f"# {text('spec.page.rules_title', lang=lang)}",
        "",
        text("spec.page.rules_intro", lang=lang),
        "",
    ]
    for rule in rules().values():
        severity = text(f"spec.severity.{rule.severity}", lang=lang)
        lines += [
            f"## {rule.id}",
            "",
            f"**{getattr(rule, f'title_{lang}')}** · {severity}",
            "",
            getattr(rule, f"message_{lang}"),
            "",
            getattr(rule, f"remedy_{lang}"),
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def data_dictionary(lang: str) -> str:
    """Return the common fields, the capabilities and the types, each as a table."""
    fields = [field for field in all_fields().values() if not field.capability]
    lines = [f"# {text('spec.page.dictionary_title', lang=lang)}", ""]
    lines += [text("spec.page.dictionary_intro", lang=lang), ""]
    lines += [f"## {text('spec.page.fields', lang=lang)}", "", "| key | 表头 | |", "|---|---|---|"]
    lines += [_field_row(field, lang) for field in fields]
    lines += ["", f"## {text('spec.page.capabilities', lang=lang)}", "", "| key | 表头 | | | |"]
    lines += ["|---|---|---|---|---|"]
    for item in capabilities().values():
        carried = " ".join(item.carried_by)
        unit = getattr(item, f"unit_{lang}") or ""
        name = item.name_en if lang == "en" else ""
        lines.append(f"| `{item.code}` | {item.name_zh} | {name} | {unit} | {carried} |")
    lines += ["", f"## {text('spec.page.types', lang=lang)}", "", "| code | | class | source |"]
    lines += ["|---|---|---|---|"]
    for kind in facility_types().values():
        of_class = classes()[kind.class_code]
        name, class_name = getattr(kind, f"name_{lang}"), getattr(of_class, f"name_{lang}")
        lines.append(f"| {kind.code} | {name} | {class_name} | {kind.source} |")
    return "\n".join(lines) + "\n"


def _field_row(field: Field, lang: str) -> str:
    note = getattr(field, f"note_{lang}") or ""
    return f"| `{field.key}` | {field.header_zh} | {note} |"
