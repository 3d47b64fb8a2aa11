"""That somebody's access has ended, on its way from registration to who reads its short tokens."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

ACCESS_ENDED = "access.ended"


class AccessUnreadable(Exception):
    """No message of ours."""


class EndedAccess(BaseModel):
    """Short tokens of this user, device or key that were made until `at` open nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: str
    at: AwareDatetime

    def ends(self, source: str, issued_at: int) -> bool:
        """Whether a token of this source, made at that second, is one of them."""
        return source.rpartition("/")[2] == self.id and issued_at <= self.at.timestamp()


def ended_message(ended: EndedAccess) -> bytes:
    """The body of `access.ended`."""
    return ended.model_dump_json().encode()


def read_ended(body: bytes) -> EndedAccess:
    """Raises: AccessUnreadable."""
    try:
        return EndedAccess.model_validate_json(body)
    except ValidationError as error:
        raise AccessUnreadable from error
