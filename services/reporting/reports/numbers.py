"""Numbers that several reports show, each defined once."""

from collections.abc import Mapping

from services.events.codes import Purpose, RefusedResult, TeamKind, VisitOutcome
from services.platform.vietnam.wards import MERGER, current
from services.reporting.definitions.labels import NEIGHBOURHOOD, PURPOSE, TEAM, WARD
from services.reporting.definitions.number import Constant, Number, Ratio, each, named, under
from services.reporting.measures import activities
from services.reporting.measures.consents import CONSENTS
from services.reporting.measures.households import DOORS, HOUSEHOLDS, VISIT_OUTCOME
from services.reporting.measures.neighbourhoods import (
    KNOWN_ADULTS,
    KNOWN_HOUSEHOLDS,
    NEIGHBOURHOODS,
)
from services.reporting.measures.notifications import NOTIFICATIONS
from services.reporting.measures.people import PEOPLE
from services.reporting.measures.posts import ACCEPTED, REFUSAL_RESULT, REFUSED
from services.reporting.measures.service_points import SERVICE_POINT_RANK, SERVICE_POINTS, Rank
from services.reporting.measures.services import (
    SERVICE_OUTCOME,
    SERVICES_AT,
    SERVICES_BEFORE,
    SERVICES_GIVEN,
    SERVICES_TO_GROUP,
)
from services.reporting.measures.signatures import (
    SIGNATURE_HOLDER,
    SIGNATURE_HOLDERS,
    SIGNATURE_STATE,
    SIGNATURES,
    Holder,
)
from services.reporting.measures.sms import SMS_STATUS
from services.reporting.measures.teams import (
    TEAM_KIND,
    TEAM_MEMBERS,
    TEAM_WORK,
    TEAMS,
    TEAMS_DEPLOYED,
    WORK_KIND,
)
from services.reporting.measures.visits import (
    VISITS,
    VISITS_AT,
    VISITS_BY_AGE,
    VISITS_TO_GROUP,
    VISITS_WITH_SERVICE,
)

_GIVEN = (SERVICES_GIVEN, SERVICES_AT, SERVICES_TO_GROUP, SERVICES_BEFORE)
_VISITS = (VISITS, VISITS_AT, VISITS_TO_GROUP, VISITS_WITH_SERVICE, VISITS_BY_AGE)

SERVICES = Number("services", "Dịch vụ đã hỗ trợ", "Services given", _GIVEN)
SERVICES_BY_OUTCOME = each(SERVICES_GIVEN, SERVICE_OUTCOME)
NOT_DONE = named("not_done", SERVICES_BY_OUTCOME)
VISITS_OF_SERVICE = Number("visits", "Lượt hỗ trợ", "Visits of service", _VISITS, source="OP-01")
TEAM_WORK_BY_KIND = each(TEAM_WORK, WORK_KIND, name="team_{}")
TEAM_VISITS = named("team_visits", TEAM_WORK_BY_KIND)
PEOPLE_HELPED = Number("people", "Người được hỗ trợ", "People helped", (PEOPLE,), source="CS-14")

DOORS_KNOCKED = Number("doors", "Lượt gõ cửa", "Doors knocked on", (DOORS,))
DOORS_BY_OUTCOME = each(DOORS, VISIT_OUTCOME, names={VisitOutcome.REFUSED: "declined"})
MET = named("met", DOORS_BY_OUTCOME)
HOUSEHOLDS_VISITED = Number("households", "Hộ đã gõ cửa", "Households visited", (HOUSEHOLDS,))
HOUSEHOLDS_MET = under(
    HOUSEHOLDS,
    VISIT_OUTCOME,
    VisitOutcome.MET,
    name="households_{}",
    vi="Hộ đã {}",
    en="Households {}",
)
ALL_HOUSEHOLDS = Number(
    "known_households", "Số hộ đã kê khai", "Households on record", (KNOWN_HOUSEHOLDS,)
)
ALL_ADULTS = Number(
    "known_adults", "Người từ đủ 18 tuổi đã kê khai", "Adults on record", (KNOWN_ADULTS,)
)
REACH = Ratio(
    "reach",
    "Tỷ lệ hộ đã gõ cửa",
    "Share of households visited",
    HOUSEHOLDS_VISITED,
    ALL_HOUSEHOLDS,
    "Số hộ do phường, xã kê khai theo khu phố, ấp",
    "Households that the wards put on record for their neighbourhoods",
)

SIGNATURES_BY_STATE = each(
    SIGNATURES, SIGNATURE_STATE, name="signatures_{}", vi="Chữ ký số {}", en="Signatures {}"
)
SIGNATURES_ACTIVATED = named("signatures_activated", SIGNATURES_BY_STATE)
ADULT_HOLDERS = Number(
    "adult_holders",
    "Người từ đủ 18 tuổi có chữ ký số",
    "Adults with a signature",
    (SIGNATURE_HOLDERS,),
    only={SIGNATURE_HOLDER: Holder.ADULT},
)

TECH_TEAMS = under(
    TEAMS,
    TEAM_KIND,
    TeamKind.COMMUNITY_TECH_TEAM,
    name="community_tech_teams",
    source="OP-09",
)
DX_FORMATIONS = under(TEAMS, TEAM_KIND, TeamKind.DX_FORMATION, name="dx_formations")
LITERACY_TEAMS = under(TEAMS, TEAM_KIND, TeamKind.LITERACY_VOLUNTEERS, name="literacy_teams")
CITY_TEAMS = under(TEAMS, TEAM_KIND, TeamKind.CITY_VOLUNTEERS, name="city_teams")
ACTIVE_TEAMS = Number(
    "active_teams", "Tổ, đội có hoạt động", "Teams that recorded work", (TEAM_WORK,), of=TEAM
)
TECH_TEAM_MEMBERS = Number(
    "community_tech_members",
    "Thành viên Tổ công nghệ số cộng đồng",
    "Members of community digital-technology teams",
    (TEAM_MEMBERS,),
    only={TEAM_KIND: TeamKind.COMMUNITY_TECH_TEAM},
    source="OP-06",
)
NEIGHBOURHOODS_WITH_TEAM = Number(
    "neighbourhoods_with_team",
    "Khu phố, ấp có Tổ công nghệ số cộng đồng",
    "Neighbourhoods with a community digital-technology team",
    (TEAMS,),
    only={TEAM_KIND: TeamKind.COMMUNITY_TECH_TEAM},
    of=NEIGHBOURHOOD,
    source="OP-09",
)
ALL_NEIGHBOURHOODS = Number(
    "neighbourhoods", "Khu phố, ấp đã kê khai", "Neighbourhoods on record", (NEIGHBOURHOODS,)
)
TEAM_COVERAGE = Ratio(
    "team_coverage",
    "Tỷ lệ khu phố, ấp có tổ",
    "Share of neighbourhoods with a team",
    NEIGHBOURHOODS_WITH_TEAM,
    ALL_NEIGHBOURHOODS,
    "Khu phố, ấp do phường, xã kê khai",
    "Neighbourhoods that the wards put on record",
    source="OP-09",
)
WARDS_WITH_FORMATION = Number(
    "wards_with_formation",
    "Phường, xã, đặc khu đã ra quân",
    "Wards with a deployed formation",
    (TEAMS_DEPLOYED,),
    only={TEAM_KIND: TeamKind.DX_FORMATION},
    of=WARD,
    source="OP-05",
)
WARDS_TODAY = Constant(
    len(current()),
    "168 phường, xã, đặc khu (Nghị quyết 1685/NQ-UBTVQH15)",
    "168 wards (Resolution 1685/NQ-UBTVQH15)",
    MERGER,
)
DEPLOYMENT = Ratio(
    "deployment",
    "Tỷ lệ đơn vị đã ra quân",
    "Share of wards with a deployed formation",
    WARDS_WITH_FORMATION,
    WARDS_TODAY,
    WARDS_TODAY.vi,
    WARDS_TODAY.en,
    source="OP-05",
)
ACTIVE_WARDS = Number(
    "active_wards",
    "Phường, xã, đặc khu có hoạt động",
    "Wards with recorded work",
    (TEAM_WORK,),
    of=WARD,
)

POINTS = Number(
    "service_points", "Điểm hỗ trợ", "Service points", (SERVICE_POINTS,), source="OP-10"
)
MAIN_POINTS = Number(
    "main_points",
    "Trong đó: điểm chính",
    "Of which main points",
    (SERVICE_POINTS,),
    only={SERVICE_POINT_RANK: Rank.MAIN},
    source="OP-10",
)
CONSENTS_TO_SMS = Number(
    "consents",
    "Người đồng ý nhận tin",
    "Consents to SMS",
    (CONSENTS,),
    only={PURPOSE: Purpose.VISIT},
)
SMS = each(NOTIFICATIONS, SMS_STATUS, name="sms_{}", vi="SMS {}", en="SMS {}")
SMS_DELIVERED = named("sms_delivered", SMS)

EVENTS_ACCEPTED = Number(
    "accepted", "Bản ghi từ thiết bị được nhận", "Records accepted from devices", (ACCEPTED,)
)
CONFLICTING: Mapping[str, str] = {RefusedResult.CONFLICT: "conflicting"}
EVENTS_REFUSED = each(
    REFUSED,
    REFUSAL_RESULT,
    names=CONFLICTING,
    vi="Bản ghi không được nhận: {}",
    en="Records not accepted: {}",
)

ACTIVITIES_HELD = Number(
    "activities",
    "Hoạt động đã tổ chức",
    "Activities held",
    (activities.ACTIVITIES, activities.ACTIVITIES_TO_PROGRAMME),
)
ATTENDANCE_AT_ACTIVITIES = Number(
    "attendance",
    "Lượt người dự",
    "Attendance",
    (
        activities.ATTENDANCE,
        activities.ATTENDANCE_TO_PROGRAMME,
        activities.ATTENDANCE_OF_GROUP,
        activities.ATTENDANCE_OF_GROUP_TO_PROGRAMME,
    ),
)
BOOTH_VISITED = Number(
    "booth_visits", "Lượt đến gian hàng", "Booth visits", (activities.BOOTH_VISITS,)
)
