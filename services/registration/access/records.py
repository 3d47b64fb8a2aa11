"""What access keeps: nobody's personal data, no token and no password, only hashes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.registration.subjects.actor import Role


@dataclass(frozen=True, slots=True)
class User:
    """Somebody of an office, by the office's name; `wards` None is the whole city."""

    id: str
    name: str
    role: Role
    wards: tuple[str, ...] | None
    password_hash: str
    must_change: bool
    made_at: datetime
    disabled_at: datetime | None = None
    password_at: datetime | None = None
    """Since when the password holds; None: since the user was made."""

    @property
    def source(self) -> str:
        """The envelope's `source`."""
        return f"/user/{self.id}"

    def has_ended_password(self, now: datetime, life: timedelta) -> bool:
        """Whether a first password was left unused for too long."""
        return self.must_change and now >= (self.password_at or self.made_at) + life


@dataclass(frozen=True, slots=True)
class Session:
    """`id` is the hash of its token."""

    id: str
    user_id: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A code that lets one phone in; the code follows from the id and a key, and is not kept."""

    id: str
    code_hash: str
    team_id: str
    ward: str
    since: str
    """The day, in ISO form, from which `ward` is meant: a code alone may mean two wards."""
    label: str
    made_by: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
    device_id: str | None = None
    """Whom it let in."""
    nonce_hash: str = ""
    """Of what that phone said of itself; by it alone the same phone is let in again."""


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """A team's phone; `label` is what is written on its case."""

    id: str
    token_hash: str
    team_id: str
    ward: str
    since: str
    label: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None = None

    @property
    def source(self) -> str:
        """The envelope's `source`."""
        return f"/device/{self.id}"


@dataclass(frozen=True, slots=True)
class Key:
    """Of another system, or of a kiosk; `wards` None is the whole city."""

    id: str
    token_hash: str
    kind: Role
    name: str
    types: tuple[str, ...]
    wards: tuple[str, ...] | None
    service_point_id: str | None
    made_at: datetime
    made_by: str
    ends_at: datetime
    revoked_at: datetime | None = None

    @property
    def source(self) -> str:
        """The envelope's `source`; a kiosk is a device of its ward."""
        return f"/{'device' if self.kind is Role.KIOSK else 'integrator'}/{self.id}"


class Act(StrEnum):
    """What can be done here."""

    USER_MADE = "user.made"
    USER_DISABLED = "user.disabled"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    PASSWORD_RESET = "password.reset"  # noqa: S105
    SESSION_BEGUN = "session.begun"
    SESSION_ENDED = "session.ended"
    ENROLMENT_MADE = "enrolment.made"
    DEVICE_ENROLLED = "device.enrolled"
    DEVICE_READMITTED = "device.readmitted"
    DEVICE_REVOKED = "device.revoked"
    KEY_MADE = "key.made"
    KEY_REVOKED = "key.revoked"
    TURNED_AWAY = "turned.away"
    SIGN_IN_FAILED = "sign_in.failed"
    LOCKED_OUT = "locked.out"
    CODE_REFUSED = "code.refused"


class Change(NamedTuple):
    """One line of the audit: who did what to which id, when."""

    act: str
    by: str
    about: str
    at: datetime


class Attempts(NamedTuple):
    """Passwords tried for one name since the last right one."""

    tried: int
    last_at: datetime
