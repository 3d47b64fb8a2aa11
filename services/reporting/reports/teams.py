"""Teams of four kinds, which are never added up, their members and their work."""

from services.reporting.measures.teams import TEAM_MEMBERS, TEAM_WORK, TEAMS, TEAMS_DEPLOYED
from services.reporting.report import Number, Report, Row, Share, Value
from services.reporting.reports import numbers as n

STANDING = Number("teams", "Số tổ, đội", "Teams", (TEAMS,))
MEMBERS = Number("members", "Thành viên", "Members", (TEAM_MEMBERS,))
DEPLOYED = Number("deployed", "Đã ra quân", "Deployed", (TEAMS_DEPLOYED,))
WITH_NEIGHBOURHOOD = Number(
    "covered_neighbourhoods",
    "Khu phố, ấp có tổ, đội",
    "Neighbourhoods with one",
    (TEAMS,),
    of="neighbourhood",
)
VISITS = Number(
    "team_visits", "Lượt hỗ trợ", "Visits of service", (TEAM_WORK,), only={"what": "visits"}
)
DOORS = Number("team_doors", "Lượt gõ cửa", "Doors", (TEAM_WORK,), only={"what": "doors"})


class TeamsRow(Row):
    """One kind of team, or one team; numbers of teams are null where kinds would be added up."""

    teams: Value
    members: Value
    deployed: Value
    covered_neighbourhoods: Value
    team_coverage: Share
    active_teams: Value
    team_visits: Value
    team_doors: Value


REPORT = Report(
    "teams",
    "Tổ, đội",
    "Teams",
    TeamsRow,
    (
        STANDING,
        MEMBERS,
        DEPLOYED,
        WITH_NEIGHBOURHOOD,
        n.TEAM_COVERAGE,
        n.ACTIVE_TEAMS,
        VISITS,
        DOORS,
    ),
    by=("kind", "team", "ward"),
    default_by=("kind",),
)
