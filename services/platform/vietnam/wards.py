"""The wards: what a code meant on a day, and which unit went into which on 1 July 2025."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from services.events.codes import Code
from services.platform.vietnam.vietnamese import sort_key

MERGER = date(2025, 7, 1)
"""Resolution 1685/NQ-UBTVQH15: 168 units from this day on."""
LAST_OLD_DAY = date(2025, 6, 30)
RECORDS_BEGIN = date(2020, 1, 1)
"""The first day of every old unit here: when each was set up is not in the source."""
CITY = "79"
_CON_DAO_DISTRICT = "755"
"""The one district without communes: it became a special zone as a whole."""


class WardKind(Code):
    """Units that an event can lie in."""

    PHUONG = "phuong", "Phường", "Ward"
    XA = "xa", "Xã", "Commune"
    THI_TRAN = "thi_tran", "Thị trấn", "Township"
    DAC_KHU = "dac_khu", "Đặc khu", "Special zone"
    DISTRICT = "district", "Quận, huyện", "District"
    CITY = "city", "Thành phố", "City"


@dataclass(frozen=True, slots=True)
class Ward:
    """One unit while it lasted; both days are included."""

    code: str
    name: str
    kind: WardKind
    valid_from: date
    valid_to: date | None = None
    district: str | None = None
    """Code of the abolished district that an old unit belonged to."""
    area_km2: float | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def key(self) -> str:
        """Code and first day: a code alone is ambiguous across 1 July 2025."""
        return f"{self.code}@{self.valid_from}"

    @property
    def short_name(self) -> str:
        """`Chợ Lớn` of `Phường Chợ Lớn`; districts and the city keep their whole name."""
        if self.kind in (WardKind.DISTRICT, WardKind.CITY):
            return self.name
        return self.name.removeprefix(f"{self.kind.vi} ")

    def valid_on(self, day: date) -> bool:
        """Whether the unit existed on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Succession(NamedTuple):
    """A unit before or after another; `split`: the old unit went to more than one."""

    ward: Ward
    split: bool


@lru_cache(maxsize=50_000)
def ward_at(code: str, day: date) -> Ward | None:
    """The unit that had this code on that day."""
    return next((w for w in _units().get(code, ()) if w.valid_on(day)), None)


def exists(code: str) -> bool:
    """Whether any unit ever had this code."""
    return code in _units()


@cache
def current() -> tuple[Ward, ...]:
    """The 168 units of today, in Vietnamese order."""
    return wards_on(MERGER)


def wards_on(day: date) -> tuple[Ward, ...]:
    """The wards of a day in Vietnamese order, without districts and the city."""
    return tuple(ward for ward in _wards_in_order() if ward.valid_on(day))


@cache
def all_units() -> tuple[Ward, ...]:
    """Every unit, old and new: wards, abolished districts and the city, by code and first day."""
    return tuple(w for code in sorted(_units()) for w in _units()[code])


def by_key(key: str) -> Ward | None:
    """The unit of a key such as `27343@2025-07-01`."""
    return next((w for w in _units().get(key.partition("@")[0], ()) if w.key == key), None)


def predecessors(ward: Ward) -> tuple[Succession, ...]:
    """The units that went into this one, wholly or (split) in part."""
    return _links()[1].get(ward.key, ())


def successors(ward: Ward) -> tuple[Succession, ...]:
    """The units that this one went into; empty for a unit of today."""
    return _links()[0].get(ward.key, ())


@cache
def _wards_in_order() -> tuple[Ward, ...]:
    wards = (w for w in all_units() if w.kind not in (WardKind.DISTRICT, WardKind.CITY))
    return tuple(sorted(wards, key=lambda w: (sort_key(w.short_name), w.code)))


@cache
def _units() -> Mapping[str, tuple[Ward, ...]]:
    units = defaultdict[str, list[Ward]](list)
    for ward in sorted({*_new_wards(), *_old_units()}, key=lambda w: w.valid_from):
        units[ward.code].append(ward)
    return {code: tuple(found) for code, found in units.items()}


@cache
def _links() -> tuple[Mapping[str, tuple[Succession, ...]], Mapping[str, tuple[Succession, ...]]]:
    """Successors and predecessors, by key."""
    after, before = defaultdict[str, set[Ward]](set), defaultdict[str, set[Ward]](set)
    for old, new in _steps():
        after[old.key].add(new)
        if old.kind is not WardKind.DISTRICT or old.code == _CON_DAO_DISTRICT:
            before[new.key].add(old)
    return (
        {old: _in_order((w, len(new) > 1) for w in new) for old, new in after.items()},
        {new: _in_order((w, len(after[w.key]) > 1) for w in old) for new, old in before.items()},
    )


def _in_order(found: Iterable[tuple[Ward, bool]]) -> tuple[Succession, ...]:
    return tuple(sorted((Succession(*pair) for pair in found), key=lambda s: sort_key(s.ward.name)))


def _steps() -> Iterator[tuple[Ward, Ward]]:
    """Each old ward, and the district it lay in, with a ward that it went into; and the city."""
    for row in _rows("ward_succession_2025.csv"):
        new = _unit(row["new_ward_code"], MERGER)
        yield _unit(row["old_district_code"], LAST_OLD_DAY), new
        if row["old_ward_code"]:
            yield _unit(row["old_ward_code"], LAST_OLD_DAY), new
    yield _unit(CITY, LAST_OLD_DAY), _unit(CITY, MERGER)


def _unit(code: str, day: date) -> Ward:
    unit = ward_at(code, day)
    if unit is None:
        raise LookupError(f"the succession names {code}, which was no unit on {day}")
    return unit


def _new_wards() -> Iterator[Ward]:
    yield Ward(CITY, "Thành phố Hồ Chí Minh", WardKind.CITY, MERGER)
    for row in _rows("wards_2025_points.csv"):
        area, lat, lon = float(row["area_km2"]), float(row["lat"]), float(row["lon"])
        kind = _kind(row["name"])
        yield Ward(row["code"], row["name"], kind, MERGER, area_km2=area, lat=lat, lon=lon)


def _old_units() -> Iterator[Ward]:
    """As they stood on 30 June 2025, also those of the two provinces that joined the city."""
    old = (RECORDS_BEGIN, LAST_OLD_DAY)
    yield Ward(CITY, "Thành phố Hồ Chí Minh", WardKind.CITY, *old)
    for row in _rows("ward_succession_2025.csv"):
        yield Ward(row["old_district_code"], row["old_district"], WardKind.DISTRICT, *old)
        if code := row["old_ward_code"]:
            name = row["old_ward"]
            yield Ward(code, name, _kind(name), *old, district=row["old_district_code"])


def _kind(name: str) -> WardKind:
    return next(kind for kind in WardKind if name.startswith(f"{kind.vi} "))


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    text = (files("services.platform.vietnam") / "data" / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
