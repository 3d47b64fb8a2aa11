"""Every number of the invented campaign, in one place.

"Table" is the table in README.md beside this file; what stands here without
that mark was chosen so that the lines of the table can be played.
"""

from datetime import date, datetime, time, timedelta

from services.events.codes import Outcome, Service, VisitOutcome
from services.events.envelope import CITY_TIME

BANNER = "SỐ LIỆU MINH HỌA"
"""Stands wherever something of this campaign is shown or named."""

# Days (table: Saturday 11/10/2025 after the 07:30 launch; Chợ Lớn's festival on 7/11)
FIRST_DAY = date(2025, 10, 11)
PREPARED_AT = datetime(2025, 10, 10, 9, 0, tzinfo=CITY_TIME)
"""When the offices record organisations, neighbourhoods, points and teams."""
LAUNCH = datetime(2025, 10, 11, 7, 30, tzinfo=CITY_TIME)
FESTIVAL = date(2025, 11, 7)

# Who came, and whom it reached
AT_THE_LAUNCH = 600
LAUNCH_ATTENDANCE = {"student": 350, "official": 120, "org_member": 200}
LAUNCH_BROADCAST = 12_000
AT_THE_FESTIVAL = 420
FESTIVAL_ATTENDANCE = {"resident": 260, "elderly": 150, "trader": 60, "official": 60}
FESTIVAL_BOOTHS = 8
FESTIVAL_BOOTH_VISITS = 610

# Quận 1's history (table: loads under the old wards)
HISTORY_DAY = date(2025, 3, 14)
DISTRICT_1 = "760"
MAIN_WARDS_THEN = ("Nguyễn Cư Trinh", "Nguyễn Thái Bình")
"""With the district's office the three main points of the eleven."""

# Wards (table: phường 20-60 khu phố, xã 8-25 ấp, 30 and 41 teams, totals there unknown)
CHO_LON, HOA_HUNG = "27343", "27163"
TEAMS_KNOWN = {CHO_LON: 30, HOA_HUNG: 41}
KHU_PHO = (20, 60)
AP = (8, 25)
TEAM_IN_NEIGHBOURHOOD = (0.7, 1.0)
"""Share of a ward's neighbourhoods that have a team."""
FORMATION_IN_WARD = 0.9
"""Share of wards with a formation at their one-stop section."""

# Khu phố (table: 300-900 households, 2.4 adults each)
HOUSEHOLDS = (300, 900)
ADULTS_A_HOUSEHOLD = 2.4
HELPED_IN_A_HOUSEHOLD = 3
"""At most."""

# Teams (table: 3-7 members, 1-2 pairs out; 35-90 % active by ward)
MEMBERS = (3, 7)
PAIRS = (1, 2)
ACTIVE = (0.35, 0.9)
WITH_POLICE = 0.25
"""Share of teams with a member of the ward police."""

# A pair's session (table: 18-24 doors, 8-12 people; median 12 min, minimum 4)
DOORS = (18, 24)
PEOPLE = (8, 12)
MEDIAN_S = 12 * 60
LEAST_S = 4 * 60
LONGEST_S = 45 * 60
SPREAD = 0.4
"""Standard deviation of the logarithm of a visit's length."""
GOES_OUT = {True: 0.9, False: 0.45}
"""Chance of a pair to go out at a weekend, and on a weekday."""

# Hours (table: Saturday 45 / 20 / 35 %; weekday 15 / 20 / 65); a Sunday is like a Saturday
MORNING, AFTERNOON, EVENING = time(8, 0), time(14, 0), time(17, 30)
STARTS = (MORNING, AFTERNOON, EVENING)
HOURS = {True: (45, 20, 35), False: (15, 20, 65)}

# Met / absent / refused / revisit (table: evening, weekday morning); between them: a weekend's day
_FOUND = (VisitOutcome.MET, VisitOutcome.ABSENT, VisitOutcome.REFUSED, VisitOutcome.REVISIT)
IN_THE_EVENING = dict(zip(_FOUND, (62, 25, 6, 7), strict=True))
ON_A_WEEKDAY_MORNING = dict(zip(_FOUND, (38, 48, 6, 8), strict=True))
ELSEWHEN = dict(zip(_FOUND, (50, 36, 6, 8), strict=True))

# Services, % of lines (table); the rest share "others 8"
SERVICES = {
    Service.CITIZEN_APP: 22,
    Service.PUBLIC_SERVICE_ONLINE: 16,
    Service.VNEID_INSTALL: 12,
    Service.VNEID_LEVEL2: 5,
    Service.DIGITAL_SIGNATURE: 10,
    Service.CASHLESS_PAYMENT: 9,
    Service.HEALTH_BOOK: 8,
    Service.VSSID: 5,
    Service.ETAX: 5,
}
OTHERS = 8
SERVICES_A_PERSON = {1: 55, 2: 32, 3: 11, 4: 2}
"""Their mean is 1.6 (table)."""
IN_MARCH = (
    Service.VNEID_INSTALL,
    Service.DIGITAL_SIGNATURE,
    Service.PUBLIC_SERVICE_ONLINE,
    Service.CASHLESS_PAYMENT,
    Service.CITIZEN_APP,
)
"""What the formations of Quận 1 helped with."""

# Outcome (table: understood 28, can do 46, using 15, not done 11)
OUTCOMES = {Outcome.UNDERSTOOD: 28, Outcome.CAN_DO: 46, Outcome.USING: 15, Outcome.NOT_DONE: 11}
HAD_BEFORE = 0.2

# People (table: 60 and older 38 %, vulnerable 7 %, no phone of their own 20 %)
FROM_60 = 0.38
VULNERABLE = 0.07
NO_PHONE = 0.20
GIVES_NATIONAL_ID = 0.6

# SMS and signatures (table: consent 55 %, stop 1.2 %; 70 % activated, mostly through VNeID)
CONSENT = 0.55
"""Of those with a phone of their own: nobody else can get an SMS."""
STOP = 0.012
ACTIVATED = 0.70
THROUGH_VNEID = 0.8

# What citizens answer to an SMS that asks (table: confirms 9 %, disputes 0.6 %, wrong number
# 0.4 %, stop 1.2 %), and what the network says of it (table: delivered 93 %)
RECEIPTS = {"DELIVRD": 93, "UNDELIV": 4, "EXPIRED": 2, "": 1}
"""By weight; of the last ones nothing is ever heard."""
RECEIPT_COMES = {"once": 82, "twice": 8, "late": 6, "before": 4}
"""By weight; before: sooner than the answer to the submit."""
RECEIPT_LATE_S = 1.5
SEGMENT_VND = 350
REPLY_NUMBER = "0000"
"""A short number that nobody has."""
ANSWERS = {
    "visit": {
        "confirmed": 0.09,
        "disputed_not_helped": 0.006,
        "disputed_wrong_number": 0.004,
        "opted_out": STOP,
        "feedback": 0.02,
    },
    "follow_up": {"still_using": 0.06, "stopped_using": 0.03},
}
"""By what is asked; the rest stay silent."""
_RIGHT, _WRONG = ("1", "1.", " 1", "１"), ("2", "(2)", "2 ", "２")
SPELLINGS = {
    "confirmed": _RIGHT,
    "still_using": _RIGHT,
    "disputed_not_helped": _WRONG,
    "stopped_using": _WRONG,
    "disputed_wrong_number": ("3", "3!", "３"),
    "opted_out": ("TC", "tc", "t c", "Từ chối", "TU CHOI", "Stop"),
    "feedback": ("dung", "Đúng", "dừng", "Cam on to cong nghe so", "Cảm ơn các cháu", "1 hay 2 ?"),
}
"""As they are typed: with and without marks, in GSM-7 and in UCS-2."""

# Upload after the visit (table: 62 % under 5 min, 20 % under 2 h, 12 % at 20-22 h, 5 % next day,
# 1 % after 2-5 days)
UPLOADS = {"at once": 62, "soon": 20, "evening": 12, "next day": 5, "days later": 1}
LATEST_UPLOAD = timedelta(days=7)
"""Nothing is queued for longer."""
BATCH = 500

# Faults, as the table says
RESENT = 0.06
VOIDED = 0.008
REJECTED = 0.005
CONFLICT = 0.001
WRONG_CLOCK = 0.02
CLOCK_ERROR = timedelta(hours=1)

# Wards (table: 5 silent till noon, 2 all day)
SILENT_TILL_NOON = 5
SILENT_ALL_DAY = 2

# Invented numbers
NO_PROVINCE = "000"
"""A national id begins with its province; no province has this number."""
NO_OPERATOR = "095"
"""The range of an operator that closed (S-Fone); phonenumbers 9.0 still takes it for a mobile's."""
