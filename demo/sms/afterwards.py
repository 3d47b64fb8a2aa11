"""How time passes: a day in parts, and quiet mornings on which what waited comes due.

Notify's clock follows what is recorded. On a quiet morning one pair helps somebody unknown: no SMS
tells of it, and it is that morning.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from demo.campaign import Campaign
from demo.chance import chance
from demo.help import lines
from demo.people import Person, person
from demo.setting import Manner, Phone
from demo.texts import Days
from demo.uploads import Planned, Sent, Upload, in_order
from demo.writing import Writer
from services.events.codes import MemberKind
from services.events.envelope import CITY_TIME
from services.events.person import PhoneOwner

PARTS = (time(0), time(10), time(16))
"""A part of a day begins then; what is recorded in one is told before the next."""
MORNING = time(10)
NEXT_DAY, ASKED_AGAIN, LONG_AFTER = timedelta(days=1), timedelta(days=15), timedelta(days=19)
"""SMS of the evening leave; who had one is asked again; what has no receipt then stays so."""
HELPED = timedelta(minutes=12)


def days_in_parts(campaign: Campaign) -> Days:
    """The campaign's uploads, and the quiet mornings between and after them."""
    arriving = dict(campaign.uploads())
    quiet = set(_mornings(campaign.days))
    for day in sorted({*arriving, *quiet}):
        morning = [_quiet_morning(campaign, day)] if day in quiet else []
        yield day, list(_parts(in_order([*arriving.get(day, ()), *morning])))


def _mornings(days: Sequence[date]) -> Iterator[date]:
    for day in days:
        yield day + NEXT_DAY
        yield day + ASKED_AGAIN
    yield days[-1] + LONG_AFTER


def _parts(uploads: Iterable[Upload]) -> Iterator[Sequence[Upload]]:
    for _, part in groupby(uploads, key=_part):
        yield list(part)


def _part(upload: Upload) -> int:
    local = upload.at.astimezone(CITY_TIME).time()
    return max(n for n, begins in enumerate(PARTS) if begins <= local)


def _quiet_morning(campaign: Campaign, day: date) -> Upload:
    phone = next(phone for phone in campaign.city.phones if _is_reliable(phone))
    at = datetime.combine(day, MORNING, CITY_TIME)
    draw = chance(campaign.seed, "quiet morning", day)
    helper = phone.team.members[0]
    given = lines(draw, police=helper.kind is MemberKind.POLICE)
    seconds = int(HELPED.total_seconds())
    write = Writer(phone, draw)
    record = write.assisted(at - HELPED, _somebody(campaign.seed), {}, given, helper, seconds)
    return Upload(at, phone, (Sent(record, Planned.ACCEPTED),))


def _is_reliable(phone: Phone) -> bool:
    return phone.manner is Manner.HONEST and not phone.clock_wrong_s


def _somebody(seed: int) -> Person:
    """Without a phone, and without a number that was given."""
    people = (person(seed, number) for number in range(1_000_000))
    return next(who for who in people if who.phone_owner is PhoneOwner.NONE and not who.identified)
