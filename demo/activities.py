"""The launch and Chợ Lớn's festival: planned, held, and who came. Invented, as all figures here."""

from datetime import datetime, timedelta
from typing import Any

from demo import parameters as p
from demo.record import Fact, Record, What, decided
from services.platform.vietnam.wards import CITY

LAUNCH = "le-phat-dong-2025"
FESTIVAL = "ngay-hoi-cho-lon-2025"


def launch(seed: int, centre: str) -> list[list[Record]]:
    """The city's, held in the morning of the first day."""
    plan = {
        "kind": "launch",
        "theme": f"Bình dân học vụ số ({p.BANNER})",
        "programmes": ["bdhvs"],
        "venue": "Nhà văn hóa Thanh niên",
        "organisers": [{"organisation_id": centre, "role": "host"}],
        "starts_at": p.LAUNCH,
    }
    came = {
        "people": p.AT_THE_LAUNCH,
        "attendance": _attendance(p.LAUNCH_ATTENDANCE),
        "reach": [{"channel": "broadcast", "people": p.LAUNCH_BROADCAST}],
    }
    return _planned_and_held(seed, LAUNCH, CITY, p.LAUNCH, plan, came)


def festival(seed: int, office: str, at: datetime) -> list[list[Record]]:
    """Planned the week before; held with booths in the morning of its day."""
    plan = {
        "kind": "festival",
        "theme": f"Chuyển đổi số toàn dân, toàn diện ({p.BANNER})",
        "programmes": ["cchc", "cds", "da06", "bdhvs"],
        "occasion": "Ngày hội chuyển đổi số",
        "organisers": [{"organisation_id": office, "role": "host"}],
        "starts_at": at,
    }
    came = {
        "people": p.AT_THE_FESTIVAL,
        "attendance": _attendance(p.FESTIVAL_ATTENDANCE),
        "booths": p.FESTIVAL_BOOTHS,
        "booth_visits": p.FESTIVAL_BOOTH_VISITS,
    }
    return _planned_and_held(seed, FESTIVAL, p.CHO_LON, at, plan, came)


def _planned_and_held(
    seed: int, id_: str, ward: str, at: datetime, plan: dict[str, Any], came: dict[str, Any]
) -> list[list[Record]]:
    before = at - timedelta(days=7)
    planned = Fact(What.OTHER, id_, before, ward)
    held = Fact(What.ACTIVITY, id_, at, ward, plan["kind"], came["people"])
    return [
        [decided(seed, "activity.scheduled.v1", id_, ward, before, plan, planned)],
        [decided(seed, "activity.held.v1", id_, ward, at, {**plan, **came}, held)],
    ]


def _attendance(people: dict[str, int]) -> list[dict[str, Any]]:
    return [{"group": group, "people": count} for group, count in people.items()]
