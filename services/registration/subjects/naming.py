"""What an event is about, as its class declares it, so that posters need not agree on names."""

from collections.abc import Callable

from services.events.declarations import Naming
from services.events.envelope import Event

KeyedHash = Callable[[str, str], str]


def subject_of(event: Event, keyed_hash: KeyedHash) -> str:
    """By the values that name it; `keyed_hash` makes one of two, which leads to nobody."""
    about = event.about
    values = [getattr(event.data, field) for field in about.fields]
    match about.naming:
        case Naming.AS_POSTED:
            return event.subject
        case Naming.KEYED:
            return keyed_hash(*values)
        case Naming.FIRST_OF:
            return next(filter(None, values), event.id)
