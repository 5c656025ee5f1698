"""The rule catalogue and the data dictionary as Markdown, in one language."""

from __future__ import annotations

from typing import Any, Final

from codes.capabilities import capabilities
from codes.categories import classes
from codes.elements import Field, all_fields
from codes.facility_types import facility_types
from codes.messages import text
from codes.rules import rules

WORDS: Final = {
    "zh": {
        "rules": "检查规则",
        "rules_intro": "报送文件按这些规则检查。规则编号（标题）不变，措辞可以改进。",
        "mend": "怎么改",
        "dictionary": "数据字典",
        "dictionary_intro": "设施的字段、能力和类型。自行设计，不是《基本公共服务编码规范》原文。",
        "fields": "字段",
        "field_columns": ("键", "表头", "要求", "填法", "单位", "说明"),
        "capabilities": "能力",
        "capability_columns": ("键", "表头", "单位", "适用", "定义", "来源"),
        "types": "设施类型",
        "type_columns": ("代码", "名称", "所属", "别名", "来源"),
    },
    "en": {
        "rules": "Rules",
        "rules_intro": "What an upload is checked by. Ids (the headings) stay; words improve.",
        "mend": "How to mend",
        "dictionary": "Data dictionary",
        "dictionary_intro": "Fields, capabilities and types; our own design.",
        "fields": "Fields",
        "field_columns": ("key", "header", "requirement", "form", "unit", "note"),
        "capabilities": "Capabilities",
        "capability_columns": ("key", "header", "unit", "carried by", "definition", "source"),
        "types": "Facility types",
        "type_columns": ("code", "name", "class", "also called", "source"),
    },
}


IN_REMEDIES = {"emptied": "upload.cell_emptied", "differing": "upload.differing_names"}
"""Parts of remedies that are not said of every finding -> how they are said mostly."""


def rule_catalogue(lang: str) -> str:
    """Return one section per rule, with its id as the heading so that a link to it stays."""
    words = WORDS[lang]
    lines = [f"# {words['rules']}", "", str(words["rules_intro"]), ""]
    for rule in rules().values():
        severity = text(f"spec.severity.{rule.severity}", lang=lang)
        lines += [f"## {rule.id}", "", f"**{_in(rule, 'title', lang)}** · {severity}", ""]
        lines += [_in(rule, "message", lang), ""]
        remedy = _in(rule, "remedy", lang)
        for name, message_id in IN_REMEDIES.items():
            remedy = remedy.replace(f"{{{name}}}", text(message_id, lang=lang))
        lines += [f"{words['mend']} — {remedy}", ""]
    return "\n".join(lines).rstrip() + "\n"


def data_dictionary(lang: str) -> str:
    """Return the fields, the capabilities and the types, each as a table."""
    words = WORDS[lang]
    fields = [field for field in all_fields().values() if not field.capability]
    lines = [f"# {words['dictionary']}", "", str(words["dictionary_intro"])]
    lines += _table(words["fields"], words["field_columns"], [_field(f, lang) for f in fields])
    lines += _table(
        words["capabilities"],
        words["capability_columns"],
        [
            (
                f"`{item.code}`",
                _in(item, "name", lang),
                _in(item, "unit", lang),
                " ".join(item.carried_by),
                _in(item, "definition", lang),
                item.source,
            )
            for item in capabilities().values()
        ],
    )
    lines += _table(
        words["types"],
        words["type_columns"],
        [
            (
                kind.code,
                _in(kind, "name", lang),
                _in(classes()[kind.class_code], "name", lang),
                "、".join(kind.aliases),
                kind.source,
            )
            for kind in facility_types().values()
        ],
    )
    return "\n".join(lines) + "\n"


def _field(field: Field, lang: str) -> tuple[str, ...]:
    return (
        f"`{field.key}`",
        _in(field, "header", lang),
        text(f"spec.requirement.{field.requirement}", lang=lang),
        text(f"spec.kind.{field.kind}", lang=lang),
        _in(field, "unit", lang),
        _in(field, "note", lang),
    )


def _table(title: Any, columns: Any, rows: list[tuple[str, ...]]) -> list[str]:
    lines = ["", f"## {title}", "", "| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    return lines + [
        "| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows
    ]


def _in(thing: Any, name: str, lang: str) -> str:
    return str(getattr(thing, f"{name}_{lang}") or "")
