"""The provider of a machine without a provider: SMS are lines in a file, numbers masked."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from services.events.notifications import SmsChannel
from services.notify.providers.provider import (
    HELD_BACK,
    Accepted,
    Outcome,
    Sms,
    SurelyNotAccepted,
    Unknown,
)
from services.notify.text.segments import Encoding, segment
from services.platform.clock import Clock

_BLOCK = 64 * 1024


class ConsoleSms(BaseModel):
    """One line of the console's file."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    request_id: str
    to: str
    """All but the last two digits are masked."""
    text: str
    segments: int
    encoding: Encoding


@dataclass(frozen=True, slots=True)
class ConsoleAccess:
    """Nothing leaves this machine, so nothing is agreed on but where it goes."""

    file: Path
    hosts: tuple[str, ...] = ()
    longest_answer_s: float = 0.0
    carries_adverts: bool = True


class Console:
    """Appends each SMS as one line in one write, so that no reader sees half of it."""

    name = "console"
    channel: SmsChannel = "sms"
    gives_receipts = False
    recognises_repeats = False

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock

    async def send(self, sms: Sms) -> Outcome:
        try:
            line = self._line(sms)
            if not await sms.may_leave():
                return HELD_BACK
            await asyncio.to_thread(self._append, line)
        except FileNotFoundError:
            return SurelyNotAccepted("no_console_folder", retryable=True)
        except OSError:
            return Unknown("console_not_written")
        return Accepted(message_id=sms.request_id)

    async def close(self) -> None:
        """Nothing is open between two SMS."""

    def _line(self, sms: Sms) -> bytes:
        cut = segment(sms.text)
        shown = ConsoleSms(
            at=self._clock(),
            request_id=sms.request_id,
            to=masked(sms.phone),
            text=sms.text,
            segments=cut.count,
            encoding=cut.encoding,
        )
        return shown.model_dump_json().encode() + b"\n"

    def _append(self, line: bytes) -> None:
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            if os.write(handle, line) != len(line):
                raise OSError("the disk took only a part")
        finally:
            os.close(handle)


def masked(phone: str) -> str:
    """`+84900000001` as `+84*******01`."""
    return f"{phone[:3]}{'*' * (len(phone) - 5)}{phone[-2:]}"


def newest(file: Path, limit: int, before: int | None = None) -> list[tuple[int, ConsoleSms]]:
    """The last lines in front of `before`, newest first, each with the place where it begins.

    A line cut by a full disk is left out.
    """
    found: list[tuple[int, ConsoleSms]] = []
    if not file.exists():
        return found
    with file.open("rb") as lines:
        for place, line in _backwards(lines, before):
            with suppress(ValidationError):
                found.append((place, ConsoleSms.model_validate_json(line)))
            if len(found) == limit:
                break
    return found


def _backwards(file: BinaryIO, before: int | None) -> Iterator[tuple[int, bytes]]:
    """Lines from the end, a block at a time."""
    left = end = min(file.seek(0, os.SEEK_END), before if before is not None else sys.maxsize)
    rest = b""
    while left:
        size = min(_BLOCK, left)
        left -= size
        file.seek(left)
        rest, *lines = (file.read(size) + rest).split(b"\n")
        for line in reversed(lines):
            end -= len(line)
            if line:
                yield end, line
            end -= 1
    if rest:
        yield 0, rest
