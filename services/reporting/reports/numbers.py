"""Numbers that several reports show, each defined once."""

from services.platform.vietnam.wards import MERGER, current
from services.reporting.measures.consents import CONSENTS
from services.reporting.measures.households import DOORS, HOUSEHOLDS
from services.reporting.measures.neighbourhoods import (
    KNOWN_ADULTS,
    KNOWN_HOUSEHOLDS,
    NEIGHBOURHOODS,
)
from services.reporting.measures.notifications import NOTIFICATIONS
from services.reporting.measures.people import PEOPLE
from services.reporting.measures.posts import ACCEPTED, REFUSED
from services.reporting.measures.service_points import SERVICE_POINTS
from services.reporting.measures.services import (
    SERVICES_AT,
    SERVICES_BEFORE,
    SERVICES_GIVEN,
    SERVICES_TO_GROUP,
)
from services.reporting.measures.signatures import SIGNATURE_HOLDERS, SIGNATURES
from services.reporting.measures.teams import TEAM_MEMBERS, TEAM_WORK, TEAMS, TEAMS_DEPLOYED
from services.reporting.measures.visits import (
    VISITS,
    VISITS_AT,
    VISITS_BY_AGE,
    VISITS_TO_GROUP,
    VISITS_WITH_SERVICE,
)
from services.reporting.report import Constant, Number, Ratio

_GIVEN = (SERVICES_GIVEN, SERVICES_AT, SERVICES_TO_GROUP, SERVICES_BEFORE)
_VISITS = (VISITS, VISITS_AT, VISITS_TO_GROUP, VISITS_WITH_SERVICE, VISITS_BY_AGE)

SERVICES = Number("services", "Dịch vụ đã hỗ trợ", "Services given", _GIVEN)
NOT_DONE = Number(
    "not_done", "Chưa xong", "Not done", (SERVICES_GIVEN,), only={"outcome": "not_done"}
)
VISITS_OF_SERVICE = Number("visits", "Lượt hỗ trợ", "Visits of service", _VISITS, source="OP-01")
PEOPLE_HELPED = Number("people", "Người được hỗ trợ", "People helped", (PEOPLE,), source="CS-14")

DOORS_KNOCKED = Number("doors", "Lượt gõ cửa", "Doors knocked on", (DOORS,))
MET = Number("met", "Gặp", "Met", (DOORS,), only={"door": "met"})
ABSENT = Number("absent", "Vắng nhà", "Absent", (DOORS,), only={"door": "absent"})
DECLINED = Number("declined", "Từ chối", "Declined", (DOORS,), only={"door": "refused"})
REVISIT = Number("revisit", "Hẹn quay lại", "Come again", (DOORS,), only={"door": "revisit"})
HOUSEHOLDS_VISITED = Number("households", "Hộ đã gõ cửa", "Households visited", (HOUSEHOLDS,))
HOUSEHOLDS_MET = Number(
    "households_met", "Hộ đã gặp", "Households met", (HOUSEHOLDS,), only={"door": "met"}
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

SIGNATURES_ACTIVATED = Number(
    "signatures_activated",
    "Chữ ký số đã kích hoạt",
    "Signatures activated",
    (SIGNATURES,),
    only={"state": "activated"},
)
ADULT_HOLDERS = Number(
    "adult_holders",
    "Người từ đủ 18 tuổi có chữ ký số",
    "Adults with a signature",
    (SIGNATURE_HOLDERS,),
    only={"age": "adult"},
)

TECH_TEAMS = Number(
    "community_tech_teams",
    "Tổ công nghệ số cộng đồng",
    "Community digital-technology teams",
    (TEAMS,),
    only={"kind": "community_tech_team"},
    source="OP-09",
)
DX_FORMATIONS = Number(
    "dx_formations",
    "Đội hình chuyển đổi số cộng đồng",
    "Community digital-transformation formations",
    (TEAMS,),
    only={"kind": "dx_formation"},
)
LITERACY_TEAMS = Number(
    "literacy_teams",
    "Đội hình tình nguyện Bình dân học vụ số",
    "Digital literacy volunteer teams",
    (TEAMS,),
    only={"kind": "literacy_volunteers"},
)
CITY_TEAMS = Number(
    "city_teams",
    "Đội tình nguyện thành phố",
    "City volunteer teams",
    (TEAMS,),
    only={"kind": "city_volunteers"},
)
ACTIVE_TEAMS = Number(
    "active_teams", "Tổ, đội có hoạt động", "Teams that recorded work", (TEAM_WORK,), of="team"
)
TECH_TEAM_MEMBERS = Number(
    "community_tech_members",
    "Thành viên Tổ công nghệ số cộng đồng",
    "Members of community digital-technology teams",
    (TEAM_MEMBERS,),
    only={"kind": "community_tech_team"},
    source="OP-06",
)
NEIGHBOURHOODS_WITH_TEAM = Number(
    "neighbourhoods_with_team",
    "Khu phố, ấp có Tổ công nghệ số cộng đồng",
    "Neighbourhoods with a community digital-technology team",
    (TEAMS,),
    only={"kind": "community_tech_team"},
    of="neighbourhood",
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
    only={"kind": "dx_formation"},
    of="ward",
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
    of="ward",
)

POINTS = Number(
    "service_points", "Điểm hỗ trợ", "Service points", (SERVICE_POINTS,), source="OP-10"
)
MAIN_POINTS = Number(
    "main_points",
    "Trong đó: điểm chính",
    "Of which main points",
    (SERVICE_POINTS,),
    only={"rank": "main"},
    source="OP-10",
)
CONSENTS_TO_SMS = Number(
    "consents", "Người đồng ý nhận tin", "Consents to SMS", (CONSENTS,), only={"purpose": "visit"}
)


def _sms(status: str, vi: str, en: str) -> Number:
    return Number(f"sms_{status}", vi, en, (NOTIFICATIONS,), only={"status": status})


SMS_SENT = _sms("sent", "SMS đã gửi, chờ báo nhận", "SMS sent, no receipt yet")
SMS_DELIVERED = _sms("delivered", "SMS đã tới máy", "SMS delivered")
SMS_FAILED = _sms("failed", "SMS không tới", "SMS failed")
SMS_SUPPRESSED = _sms("suppressed", "SMS không gửi", "SMS not sent")
SMS_UNCONFIRMED = _sms("unconfirmed", "SMS chưa xác nhận", "SMS unconfirmed")
SMS = (SMS_SENT, SMS_DELIVERED, SMS_FAILED, SMS_SUPPRESSED, SMS_UNCONFIRMED)

EVENTS_ACCEPTED = Number(
    "accepted", "Bản ghi từ thiết bị được nhận", "Records accepted from devices", (ACCEPTED,)
)
EVENTS_REJECTED = Number(
    "rejected", "Bản ghi bị từ chối", "Records rejected", (REFUSED,), only={"result": "rejected"}
)
EVENTS_CONFLICTING = Number(
    "conflicting",
    "Bản ghi trùng mã, khác nội dung",
    "Records with the id of another",
    (REFUSED,),
    only={"result": "conflict"},
)
