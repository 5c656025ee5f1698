"""Keep a person's numbers out of what is published of opinions."""

from __future__ import annotations

from codes.errors import DataError
from codes.messages import language, text
from codes.names import name_of
from codes.private_numbers import numbers_in


def refuse_private(answer: str, question: str) -> None:
    """Raise DataError when an answer, or the question with it, holds a person's number.

    `question` is empty where it is not to be published. The numbers are named masked.
    """
    in_answer, in_question = _said(answer), _said(question)
    if in_answer and in_question:
        raise DataError("opinion.private_both", answer=in_answer, question=in_question)
    if in_answer:
        raise DataError("opinion.private_answer", seen=in_answer)
    if in_question:
        raise DataError("opinion.private_question", seen=in_question)


def _said(words: str) -> str:
    between = ", " if language() == "en" else "、"
    return between.join(
        text("opinion.private_seen", kind=name_of(one.kind), masked=one.masked)
        for one in numbers_in(words)
    )
