"""Teams of four kinds, which are never added up, their members and their work."""

from services.reporting.definitions.labels import NEIGHBOURHOOD, TEAM, WARD
from services.reporting.definitions.number import Number
from services.reporting.definitions.report import Report
from services.reporting.measures.teams import (
    TEAM_KIND,
    TEAM_MEMBERS,
    TEAMS,
    TEAMS_DEPLOYED,
)
from services.reporting.reports import numbers as n

REPORT = Report(
    "teams",
    "Tổ, đội",
    "Teams",
    "One kind of team, or one team; numbers of teams are null where kinds would be added up.",
    (
        Number("teams", "Số tổ, đội", "Teams", (TEAMS,)),
        Number("members", "Thành viên", "Members", (TEAM_MEMBERS,)),
        Number("deployed", "Đã ra quân", "Deployed", (TEAMS_DEPLOYED,)),
        Number(
            "covered_neighbourhoods",
            "Khu phố, ấp có tổ, đội",
            "Neighbourhoods with one",
            (TEAMS,),
            of=NEIGHBOURHOOD,
        ),
        n.TEAM_COVERAGE,
        n.ACTIVE_TEAMS,
        *n.TEAM_WORK_BY_KIND,
    ),
    by=(TEAM_KIND, TEAM, WARD),
)
