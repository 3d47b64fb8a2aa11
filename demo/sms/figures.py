"""What the phones saw, counted plainly under the report's own names, place by place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from demo import parameters as p
from demo.sms.journal import DELIVERED, SILENT, Journal, Sms
from services.platform.vietnam.texts import fold
from services.platform.vietnam.wards import current

REACHED_NETWORK = ("sms_sent", "sms_delivered", "sms_failed", "sms_unconfirmed")
ANSWERS = tuple(answer for answers in p.ANSWERS.values() for answer in answers)
FIGURES = (
    "sms_sent",
    "sms_delivered",
    "sms_failed",
    "sms_unconfirmed",
    "segments",
    "cost_vnd",
    *ANSWERS,
    "answered",
)
"""Of the report; those that a phone can know."""

Figures = Mapping[str, int]


def by_place(journal: Journal) -> dict[str, Counter[str]]:
    """By what an SMS calls the ward; one that names none, as what confirms a refusal, answers the
    number's SMS before it."""
    found = defaultdict[str, Counter[str]](Counter)
    before: dict[str, str] = {}
    for sms in journal.sms.values():
        place = before[sms.number] = place_of(sms.text) or before.get(sms.number, "")
        found[place] += figures(sms, journal.answered.get(sms.id, ""))
    return dict(found)


def total(places: Mapping[str, Counter[str]]) -> Counter[str]:
    """Of all of them."""
    return sum(places.values(), Counter())


def figures(sms: Sms, answer: str) -> Counter[str]:
    """One SMS; what nobody heard of is unconfirmed in the end."""
    status = {DELIVERED: "sms_delivered", SILENT: "sms_unconfirmed"}.get(sms.state, "sms_failed")
    counted = Counter({status: 1, "segments": sms.parts, "cost_vnd": sms.parts * p.SEGMENT_VND})
    if answer:
        counted[answer] += 1
        counted["answered"] += sms.state == DELIVERED
    return counted


def place_name(ward: str) -> str:
    """As an SMS without marks writes it; two wards may look alike then."""
    return fold(ward)


@cache
def place_of(text: str) -> str:
    """The ward that the text names; empty where it names none."""
    said = fold(text)
    return next((name for name in _places() if f" tai {name}" in said), "")


@cache
def _places() -> tuple[str, ...]:
    """The longest first: one name may begin another."""
    names: Iterable[str] = {place_name(ward.name) for ward in current()}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))
