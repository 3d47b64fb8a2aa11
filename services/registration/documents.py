"""What registration offers, as documents; nothing is connected to write them."""

import json
from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import BY_TYPE, EVENT_CLASSES
from services.events.schemas import all_schemas
from services.registration.access.cache_clearing import GROUND
from services.registration.intake.undoing import Undoing, undone
from services.registration.intake.voids import NEVER_VOIDED
from services.registration.main import create
from services.registration.settings import RegistrationSettings
from services.registration.slices import SUBJECTS
from services.registration.subjects.actor import Role
from services.registration.subjects.subject import Decided

_ROLES = """# Who may record what

Written by `make docs` from the slices' rules; a test keeps it current. A role may record a type
only inside its scope: its ward, its team and the places and days of its team's deployments, or
what its key lists. `system` is registration and notify themselves.

*Observed*: judged by form, scope and directory alone, so that the order of arrival decides nothing.
*Decided*: judged by the history of its subject.

"""


_VOIDS = """# Hủy sự kiện / What a void undoes

`event.voided.v1` takes an event back. The table is written by `make docs` from the code; a test
keeps it complete. A void counts whenever it comes: twice, late, or before its target.

Sự kiện `event.voided.v1` hủy một sự kiện đã ghi. Lệnh hủy có hiệu lực dù gửi hai lần, gửi muộn,
hoặc đến trước sự kiện cần hủy.

"""


UNDONE: Mapping[type[Event], tuple[Undoing, ...]] = {
    event_class: tuple(undone(event_class, SUBJECTS[event_class], GROUND))
    for event_class in EVENT_CLASSES
    if event_class not in NEVER_VOIDED
}


def documents() -> Mapping[str, str]:
    """The schemas of all types, the table of roles and that of voids, by path."""
    schemas = {
        f"schemas/{name}": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in all_schemas().items()
    }
    return {**schemas, "roles.md": roles(), "voids.md": voids()}


def openapi_document() -> str:
    """What registration answers over HTTP."""
    return (
        json.dumps(create(nobody()).openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    )


def nobody() -> RegistrationSettings:
    """For an app that is described and connects to nothing."""
    return RegistrationSettings(
        mongo_url=SecretStr("mongodb://nowhere.example"),
        citizens_mongo_url=SecretStr("mongodb://nowhere.example"),
        broker_url=SecretStr("amqp://nowhere.example"),
        payload_key=bytes(32),
        index_key=bytes(32),
        master_key=bytes(32),
        notify_wrap_key=bytes(32),
        token_private_key=SecretStr(""),
    )


def roles() -> str:
    """The table of roles: a row a type, a column a role."""
    table = [("type", "kind", *Role), ("---", "---", *(":-:" for _ in Role))]
    for name, event_class in BY_TYPE.items():
        by = SUBJECTS[event_class].accepts[event_class].by
        may = ("✓" if role in by else "" for role in Role)
        table.append((f"`{name}`", _kind(event_class), *may))
    return _ROLES + "".join(f"| {' | '.join(row)} |\n" for row in table)


def voids() -> str:
    """For each type what its void undoes, or why it is refused; then each effect in words."""
    types = [(f"`{name}`", _undone(event_class)) for name, event_class in BY_TYPE.items()]
    effects = [
        (effect.name, effect.service.value, effect.vi, effect.en)
        for effect in dict.fromkeys(effect for effects in UNDONE.values() for effect in effects)
    ]
    refusals = [
        (f"`{kind.code}`", "registration", kind.vi, kind.en)
        for kind in dict.fromkeys(NEVER_VOIDED.values())
    ]
    in_words = [("effect", "service", "tiếng Việt", "English"), *effects, *refusals]
    return "\n".join((_VOIDS + _table([("type", "its void undoes"), *types]), _table(in_words)))


def _undone(event_class: type[Event]) -> str:
    if refused := NEVER_VOIDED.get(event_class):
        return f"refused: `{refused.code}`"
    return ", ".join(effect.name for effect in UNDONE[event_class])


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _kind(event_class: type[Event]) -> str:
    if event_class is EventVoided:
        return "as its target"
    subject = SUBJECTS[event_class]
    return f"decided ({subject.kind})" if isinstance(subject, Decided) else "observed"
