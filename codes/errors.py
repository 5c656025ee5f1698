"""Errors a user can mend. Each carries a message id; the words live in `codes/locale`."""

from __future__ import annotations

from typing import Any, ClassVar

from codes.messages import text


class FuwumaError(Exception):
    """Base of everything we raise for a user; never shown as a traceback.

    `message_id` names the sentence in the message catalogues, `params` fill it, and `exit_code`
    is what the command line returns (see `docs/architecture.md`).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message_id: str, /, **params: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.params = params

    def __str__(self) -> str:
        return text(self.message_id, **self.params)


class DataError(FuwumaError):
    """The data is wrong or a question has more than one answer (exit code 1)."""


class UsageError(FuwumaError):
    """The command is wrong (exit code 2)."""

    exit_code = 2


class NotPermitted(FuwumaError):
    """The person or department may not do this (exit code 3)."""

    exit_code = 3


class StoreError(FuwumaError):
    """The database or a file cannot be used (exit code 4)."""

    exit_code = 4
