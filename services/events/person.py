"""What identifies a person on the way in; registration takes it out before anything is stored."""

from typing import Annotated

from pydantic import StringConstraints

from services.events.codes import Code
from services.events.envelope import Data


class PhoneOwner(Code):
    """Only a phone of one's own identifies its owner."""

    SELF = "self", "Của chính người dân", "Their own"
    RELATIVE = "relative", "Của người thân", "A relative's"
    NONE = "none", "Không có", "None"


class Person(Data):
    """Stands in `data.person` of a posted event in place of ids; in no stored or published one."""

    national_id: Annotated[str, StringConstraints(max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(max_length=200)] | None = None
    phone_owner: PhoneOwner = PhoneOwner.NONE
    name: Annotated[str, StringConstraints(max_length=200)] | None = None
    address: Annotated[str, StringConstraints(max_length=400)] | None = None
    certificate_serial: Annotated[str, StringConstraints(max_length=200)] | None = None
    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
