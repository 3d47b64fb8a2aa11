"""Codes that meant one unit before 1 July 2025 and another since."""

from collections import Counter
from datetime import date

from services.platform.vietnam.wards import (
    CITY,
    LAST_OLD_DAY,
    MERGER,
    Ward,
    WardKind,
    all_units,
    by_key,
    current,
    exists,
    predecessors,
    successors,
    ward_at,
)


def unit(code: str, day: date) -> Ward:
    found = ward_at(code, day)
    assert found
    return found


def test_the_city_has_113_wards_54_communes_and_one_special_zone() -> None:
    kinds = Counter(ward.kind for ward in current())

    assert kinds == {WardKind.PHUONG: 113, WardKind.XA: 54, WardKind.DAC_KHU: 1}
    assert len({ward.code for ward in current()}) == 168


def test_26740_was_ben_nghe_and_is_sai_gon_since_1_july_2025() -> None:
    assert unit("26740", date(2025, 6, 30)).name == "Phường Bến Nghé"
    assert unit("26740", date(2025, 7, 1)).name == "Phường Sài Gòn"
    assert unit("26740", MERGER).key == "26740@2025-07-01"


def test_nguyen_thai_binh_was_split_between_sai_gon_and_ben_thanh() -> None:
    nguyen_thai_binh = next(w for w in all_units() if w.name == "Phường Nguyễn Thái Bình")

    after = successors(nguyen_thai_binh)

    assert [s.ward.name for s in after] == ["Phường Bến Thành", "Phường Sài Gòn"]
    assert all(s.split for s in after)


def test_a_ward_names_which_of_its_predecessors_it_has_only_in_part() -> None:
    cau_ong_lanh = unit("26758", MERGER)

    before = {s.ward.name: s.split for s in predecessors(cau_ong_lanh)}

    assert before == {
        "Phường Cầu Kho": False,
        "Phường Cầu Ông Lãnh": True,
        "Phường Cô Giang": False,
        "Phường Nguyễn Cư Trinh": False,
    }


def test_47_old_wards_were_split() -> None:
    old = [
        w for w in all_units() if w.valid_to and w.kind not in (WardKind.DISTRICT, WardKind.CITY)
    ]

    assert len(old) == 441
    assert sum(len(successors(w)) > 1 for w in old) == 47


def test_district_1_ended_with_june_2025_and_became_four_wards() -> None:
    district_1 = unit("760", LAST_OLD_DAY)

    assert district_1.name == "Quận 1"
    assert ward_at("760", MERGER) is None
    assert {s.ward.short_name for s in successors(district_1)} == {
        "Bến Thành",
        "Cầu Ông Lãnh",
        "Sài Gòn",
        "Tân Định",
    }


def test_con_dao_became_a_special_zone_as_a_whole() -> None:
    [district] = predecessors(unit("26732", MERGER))

    assert district.ward.name == "Huyện Côn Đảo"
    assert not district.split
    assert [s.ward.name for s in successors(district.ward)] == ["Đặc khu Côn Đảo"]


def test_every_ward_of_today_has_predecessors_that_name_it_as_successor() -> None:
    for ward in current():
        assert predecessors(ward)
        for before in predecessors(ward):
            assert ward in [s.ward for s in successors(before.ward)]
        assert successors(ward) == ()


def test_the_city_is_a_unit_of_its_own_on_either_side_of_the_merger() -> None:
    assert unit(CITY, LAST_OLD_DAY) != unit(CITY, MERGER)
    assert [s.ward for s in successors(unit(CITY, LAST_OLD_DAY))] == [unit(CITY, MERGER)]


def test_a_key_leads_back_to_its_unit() -> None:
    assert all(by_key(ward.key) is ward for ward in all_units())
    assert by_key("26740@1999-01-01") is None


def test_a_code_that_no_unit_ever_had_is_unknown() -> None:
    assert exists("27343")
    assert not exists("00001")
    assert ward_at("00001", MERGER) is None


def test_every_ward_of_today_has_an_area_and_a_point_in_the_south() -> None:
    for ward in current():
        assert (ward.area_km2 or 0) > 0
        assert 8.5 < (ward.lat or 0) < 11.6
        assert 106 < (ward.lon or 0) < 108
