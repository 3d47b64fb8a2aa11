"""What every report says of the small world, counted by hand and written as it is read.

Columns are rows of the report; `-` is no figure, and a share is its two parts.
"""

from services.reporting.definitions.label import Label
from services.reporting.definitions.report import Report
from services.reporting.reports import REPORTS

Column = dict[str, str]
"""Figures by name, as a table writes them."""


def question(table: str) -> tuple[Report, tuple[Label, ...]]:
    """The report that a table is of, and how it is grouped."""
    name, _, by = table.partition(" by ")
    report = REPORTS[name]
    labels = tuple(report.by[report.by.index(Label(label))] for label in by.split("+") if label)
    return report, labels or report.default_by


def columns(table: str) -> dict[str, Column]:
    """A table's columns by what stands above them."""
    head, *lines = [line.split() for line in TABLES[table].strip().splitlines()]
    return {
        above.strip('"'): {line[0]: line[place] for line in lines}
        for place, above in enumerate(head, start=1)
    }


TABLES = {
    "overview": """
                                total
        services                    7
        visits                      6
        people                      2
        doors                       8
        households                  4
        households_met              2
        reach                    4/19
        signatures_activated        1
        community_tech_teams        2
        dx_formations               1
        literacy_teams              1
        city_teams                  1
        active_teams                4
        community_tech_members      2
        neighbourhoods_with_team    1
        team_coverage             1/3
        active_wards                2
        deployment              1/168
        service_points              2
        main_points                 1
        activities                  2
        attendance                120
        booth_visits               25
        consents                    1
        sms_sent                    1
        sms_delivered               2
        sms_failed                  1
        sms_suppressed              1
        sms_unconfirmed             1
        accepted                   30
        rejected                    2
        conflicting                 1
    """,
    "league": """
                              27343 27163 total
        services                  4     3     7
        visits                    3     3     6
        people                    1     1     2
        doors                     4     4     8
        households_met            1     1     2
        reach                  2/15   2/4  4/19
        signatures_activated      1     0     1
        community_tech_teams      2     0     2
        active_teams              2     2     4
        team_coverage           1/2   0/1   1/3
        service_points            2     0     2
        sms_delivered             1     1     2
    """,
    "ward": """
                              khu-pho-1 khu-pho-2 total
        services                      3         1     4
        visits                        2         1     3
        people                        1         1     1
        doors                         2         2     4
        met                           1         0     1
        absent                        1         0     1
        declined                      0         1     1
        revisit                       0         1     1
        households                    1         1     2
        reach                      1/10       1/5  2/15
        active_teams                  -         -     2
        community_tech_teams          2         0     2
    """,
    "services": """
                        etax vssid vneid_level2 total
        services           3     1            3     7
        understood         0     0            3     3
        can_do             1     1            0     2
        using              1     0            0     1
        not_done           1     0            0     1
        not_done_share   1/3   0/1          0/3   1/7
        had_none           2     0            3     5
        people             1     1            1     2
    """,
    "people by group": """
                  elderly household trader total
        people          1         1      0     2
        visits          2         1      1     6
        services        3         2      1     7
    """,
    "people by age_band": """
                  60_plus 18_59 "" total
        people          1     0  1     2
        visits          2     1  3     6
        services        -     -  -     7
    """,
    "people by service": """
                  etax vssid vneid_level2 total
        people       1     1            1     2
        visits       3     1            3     6
        services     3     1            3     7
    """,
    "people by neighbourhood": """
                  khu-pho-1 khu-pho-2 "" total
        people            1         1  1     2
        visits            2         1  3     6
        services          3         1  3     7
    """,
    "households": """
                        27343 27163 total
        doors               4     4     8
        met                 1     2     3
        absent              1     1     2
        declined            1     0     1
        revisit             1     1     2
        met_share         1/4   2/4   3/8
        households          2     2     4
        households_met      1     1     2
        reach            2/15   2/4  4/19
        device_share      1/2   0/-   1/2
        phones_2g           3     2     5
        converted           1     0     1
    """,
    "signatures": """
                              vnpt misa bkav total
        signatures               3    2    1     6
        signatures_registered    0    1    0     1
        signatures_issued        1    0    1     2
        signatures_activated     1    0    0     1
        signatures_suspended     0    1    0     1
        signatures_revoked       1    0    0     1
        activated_share        1/3  0/2  0/1   1/6
        issued_free              2    1    1     4
        adult_holders            -    -    -     2
        adult_share            -/-  -/-  -/-  2/34
    """,
    "signatures by ward": """
                              27343 27163 total
        signatures                4     2     6
        signatures_registered     1     0     1
        signatures_issued         1     1     2
        signatures_activated      1     0     1
        signatures_suspended      0     1     1
        signatures_revoked        1     0     1
        activated_share         1/4   0/2   1/6
        issued_free               3     1     4
        adult_holders             1     1     2
        adult_share            1/28   1/6  2/34
    """,
    "teams": """
                         community_tech_team dx_formation literacy_volunteers city_volunteers total
        teams                              2            1                   1               1     -
        members                            2            1                   0               0     -
        deployed                           1            1                   0               0     -
        covered_neighbourhoods             1            0                   1               0     -
        team_coverage                    1/-          0/-                 0/-             0/-   1/3
        active_teams                       -            -                   -               -     4
        team_visits                        -            -                   -               -     6
        team_doors                         -            -                   -               -     8
    """,
    "teams by team": """
                               team-1 team-2 team-3 team-4 total
        teams                       -      -      -      -     -
        members                     -      -      -      -     -
        deployed                    -      -      -      -     -
        covered_neighbourhoods      -      -      -      -     -
        team_coverage             -/-    -/-    -/-    -/-   1/3
        active_teams                1      1      1      1     4
        team_visits                 2      1      2      1     6
        team_doors                  4      0      1      3     8
    """,
    "notifications": """
                               27343 27163 total
        sms                        3     3     6
        sms_sent                   1     0     1
        sms_delivered              1     1     2
        sms_failed                 0     1     1
        sms_suppressed             1     0     1
        sms_unconfirmed            0     1     1
        delivered_share          1/3   1/3   2/6
        segments                   3     5     8
        cost_vnd                2100  3500  5600
        confirmed                  1     0     1
        disputed_not_helped        2     1     3
        disputed_wrong_number      1     0     1
        still_using                1     0     1
        stopped_using              0     1     1
        feedback                   1     0     1
        opted_out                  0     1     1
        opted_in                   1     0     1
        answered                   1     1     2
        answered_share           1/1   1/1   2/2
    """,
    "notifications by purpose": """
                               visit reminder "" total
        sms                        5        1  0     6
        sms_sent                   0        1  0     1
        sms_delivered              2        0  0     2
        sms_failed                 1        0  0     1
        sms_suppressed             1        0  0     1
        sms_unconfirmed            1        0  0     1
        delivered_share          2/5      0/1 0/-  2/6
        segments                   7        1  0     8
        cost_vnd                4900      700  0  5600
        confirmed                  1        0  0     1
        disputed_not_helped        3        0  0     3
        disputed_wrong_number      0        1  0     1
        still_using                1        0  0     1
        stopped_using              1        0  0     1
        feedback                   0        0  1     1
        opted_out                  1        0  0     1
        opted_in                   0        0  1     1
        answered                   2        0  0     2
        answered_share           2/2      0/- 0/-  2/2
    """,
    "sms_reasons": """
                     no_consent no_such_number no_receipt total
        suppressed            1              0          0     1
        failed                0              1          0     1
        unconfirmed           0              0          1     1
    """,
    "disputes": """
                            27343 27163 total
        disputes                3     1     4
        unresolved              1     0     1
        found_confirmed         1     0     1
        found_voided            0     1     1
        found_wrong_number      1     0     1
    """,
    "disputes by dispute_kind": """
                            not_helped wrong_number total
        disputes                     3            1     4
        unresolved                   1            0     1
        found_confirmed              1            0     1
        found_voided                 1            0     1
        found_wrong_number           0            1     1
    """,
    "refusals": """
                     unknown_type id_taken out_of_scope total
        refusals                2        1            1     4
        rejected                2        0            1     3
        conflicting             0        1            0     1
    """,
    "devices": """
                     phone-1 phone-2 total
        accepted          24       6    30
        rejected           1       1     2
        conflicting        1       0     1
    """,
    "data_quality": """
                                  27343 27163 total
        doors_recorded_twice          0     1     1
        help_recorded_twice           0     1     1
        signatures_recorded_twice     0     1     1
        doors_of_two_teams            0     1     1
        help_of_two_teams             0     1     1
        signatures_of_two_teams       0     1     1
        nobody_known                  1     0     1
        nobody_known_share          1/3   0/3   1/6
        clock_wrong                   1     0     1
        admitted                      0     1     1
    """,
    "activities": """
                                      festival contest total
        activities                           1       1     2
        attendance                         100      20   120
        booth_visits                        25       0    25
        contest_entries                      0      12    12
        contest_winners                      0       3     3
        reached_loudspeaker                  0      10    10
        reached_social_media                 0      20    20
        reached_zalo                         0      30    30
        reached_website                      0      40    40
        reached_press                        0      50    50
        reached_leaflet                      0      60    60
        reached_broadcast                    0      70    70
        launched_community_tech_team         -       -     1
        launched_dx_formation                -       -     1
        launched_literacy_volunteers         -       -     1
        launched_city_volunteers             -       -     1
    """,
    "activities by programme": """
                                      cds bdhvs "" total
        activities                      1     1  1     2
        attendance                    100   100 20   120
        booth_visits                    -     -  -    25
        contest_entries                 -     -  -    12
        contest_winners                 -     -  -     3
        reached_loudspeaker             -     -  -    10
        reached_social_media            -     -  -    20
        reached_zalo                    -     -  -    30
        reached_website                 -     -  -    40
        reached_press                   -     -  -    50
        reached_leaflet                 -     -  -    60
        reached_broadcast               -     -  -    70
        launched_community_tech_team    -     -  -     1
        launched_dx_formation           -     -  -     1
        launched_literacy_volunteers    -     -  -     1
        launched_city_volunteers        -     -  -     1
    """,
    "activities by group": """
                                      elderly trader total
        activities                          -      -     2
        attendance                         45     30   120
        booth_visits                        -      -    25
        contest_entries                     -      -    12
        contest_winners                     -      -     3
        reached_loudspeaker                 -      -    10
        reached_social_media                -      -    20
        reached_zalo                        -      -    30
        reached_website                     -      -    40
        reached_press                       -      -    50
        reached_leaflet                     -      -    60
        reached_broadcast                   -      -    70
        launched_community_tech_team        -      -     1
        launched_dx_formation               -      -     1
        launched_literacy_volunteers        -      -     1
        launched_city_volunteers            -      -     1
    """,
    "activities by ward": """
                                      27343 27163 total
        activities                        1     1     2
        attendance                      100    20   120
        booth_visits                     25     0    25
        contest_entries                   0    12    12
        contest_winners                   0     3     3
        reached_loudspeaker               0    10    10
        reached_social_media              0    20    20
        reached_zalo                      0    30    30
        reached_website                   0    40    40
        reached_press                     0    50    50
        reached_leaflet                   0    60    60
        reached_broadcast                 0    70    70
        launched_community_tech_team      1     0     1
        launched_dx_formation             0     1     1
        launched_literacy_volunteers      0     1     1
        launched_city_volunteers          1     0     1
    """,
    "activities by programme+group": """
                                    cds/elderly cds/trader bdhvs/elderly bdhvs/trader /elderly total
        activities                            -          -             -            -        -     2
        attendance                           40         30            40           30        5   120
        booth_visits                          -          -             -            -        -    25
        contest_entries                       -          -             -            -        -    12
        contest_winners                       -          -             -            -        -     3
        reached_loudspeaker                   -          -             -            -        -    10
        reached_social_media                  -          -             -            -        -    20
        reached_zalo                          -          -             -            -        -    30
        reached_website                       -          -             -            -        -    40
        reached_press                         -          -             -            -        -    50
        reached_leaflet                       -          -             -            -        -    60
        reached_broadcast                     -          -             -            -        -    70
        launched_community_tech_team          -          -             -            -        -     1
        launched_dx_formation                 -          -             -            -        -     1
        launched_literacy_volunteers          -          -             -            -        -     1
        launched_city_volunteers              -          -             -            -        -     1
    """,
}
