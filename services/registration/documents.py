"""Documents for integrators, written from the code: `python -m services.registration.documents`."""

import json
from collections.abc import Mapping
from pathlib import Path

from services.events.corrections import EventVoided
from services.events.envelope import Event
from services.events.registry import BY_TYPE
from services.events.schemas import all_schemas
from services.registration.intake.subject import Role
from services.registration.subjects import SUBJECTS

FOLDER = Path("docs/integrating")
_ROLES = """# Who may record what

Written by `python -m services.registration.documents` from the slices' rules; a test keeps it
current. A role may record a type only inside its scope: its ward, its team and the places and days
of its team's deployments, or what its key lists. `system` is registration and notify themselves.

*Observed*: judged by form, scope and directory alone, so that the order of arrival decides nothing.
*Decided*: judged by the history of its subject.

"""


def documents() -> Mapping[str, str]:
    """Text by path below `docs/integrating`."""
    schemas = {
        f"schemas/{name}": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in all_schemas().items()
    }
    return {**schemas, "roles.md": roles()}


def roles() -> str:
    """The table of roles: a row a type, a column a role."""
    table = [("type", "kind", *Role), ("---", "---", *(":-:" for _ in Role))]
    for name, event_class in BY_TYPE.items():
        by = SUBJECTS[event_class].accepts[event_class].by
        may = ("✓" if role in by else "" for role in Role)
        table.append((f"`{name}`", _kind(event_class), *may))
    return _ROLES + "".join(f"| {' | '.join(row)} |\n" for row in table)


def _kind(event_class: type[Event]) -> str:
    if event_class is EventVoided:
        return "as its target"
    subject = SUBJECTS[event_class]
    return f"decided ({subject.kind})" if subject.decided else "observed"


def write(folder: Path = FOLDER) -> None:
    """Replaces what stands in the folder."""
    for name, text in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
