"""The campaign from beginning to end against running services."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console

from demo import comparison
from demo import parameters as p
from demo.campaign import Campaign
from demo.comparison import Line
from demo.foundation import (
    FESTIVAL_EVENING,
    FESTIVAL_MORNING,
    LAST_EVENING,
    MARCH_MORNING,
    Steps,
)
from demo.guard import must_be_demo, must_be_ours
from demo.memory import Memory
from demo.office import Login, Office
from demo.phones import Phones, Rate
from demo.progress import Progress
from demo.reader import Reader
from demo.results import Results
from demo.server import PATIENCE_S, Server
from demo.sms.journal import Journal
from demo.sms.texts import PhoneTexts
from demo.texts import ConsoleTexts, Texts
from demo.uploads import Upload

CONNECTIONS = 32
AT_FIRST_S = 2.0
"""Whether anybody is there is told at once; under way a service may be away for longer."""
IN_MARCH = "Quận 1, 14/3/2025"
FESTIVAL = "Ngày hội Chợ Lớn · Chợ Lớn's festival"
ENROLLED = "Kết nối điện thoại · phones enrolled"
THIS_RUN = "Lần chạy này · this run (registration /metrics)"
THE_CITY = "Tổng quan thành phố · the city's overview (reporting)"
MARKER = "chien-dich-minh-hoa-{seed}"


@dataclass(frozen=True)
class Wish:
    """What to play, and where."""

    seed: int
    scale: float
    days: int
    rate: float
    registration: str
    reporting: str
    notify: str
    folder: Path
    """Where the keys of a campaign are kept."""
    only: Collection[str] = ()
    admin: Login | None = None
    journal: Path | None = None
    """Of the phones, where SMS go to them over SMPP."""

    @property
    def campaign(self) -> dict[str, object]:
        """What makes it this campaign and no other."""
        return {"scale": self.scale, "days": self.days, "wards": ",".join(sorted(self.only))}


async def play(wish: Wish, console: Console) -> bool:
    """Whether all lines are equal at the end. Raises: CannotPlay, Refused."""
    console.print(f"[bold]{p.BANNER}[/] · invented figures · seed {wish.seed}")
    campaign = Campaign(wish.seed, wish.scale, wish.days, wish.only)
    memory, results = Memory.of(wish.folder / f"{wish.seed}.jsonl"), Results()
    async with AsyncExitStack() as stack:
        registration = await stack.enter_async_context(Server(wish.registration, CONNECTIONS))
        async with Server(wish.registration, 1, AT_FIRST_S) as first:
            await must_be_demo(first)
        office = Office(registration, memory, results)
        await office.sign_in(wish.seed, wish.admin)
        marker = MARKER.format(seed=wish.seed)
        await must_be_ours(office, marker, wish.campaign, memory)
        memory.play(wish.campaign)
        served = await stack.enter_async_context(Server(wish.reporting, 1))
        reporting = Reader(served, office, "reporting")
        patience_s = PATIENCE_S if wish.journal else AT_FIRST_S
        sending = await stack.enter_async_context(Server(wish.notify, 1, patience_s))
        texts = _texts(wish.journal, Reader(sending, office, "notify"), reporting)
        stage = _Stage(campaign, registration, reporting, office, texts, memory, results, console)
        return await stage.play(marker, wish.rate)


def _texts(journal: Path | None, notify: Reader, reporting: Reader) -> Texts:
    if journal is None:
        return ConsoleTexts(notify)
    return PhoneTexts(Journal(journal), notify, reporting)


@dataclass
class _Stage:
    campaign: Campaign
    registration: Server
    reporting: Reader
    office: Office
    texts: Texts
    memory: Memory
    results: Results
    console: Console

    async def play(self, marker: str, rate: float) -> bool:
        """Whether all lines are equal at the end."""
        before = await comparison.counters(self.registration)
        await self.texts.begin(self.results)
        with Progress(self.console) as progress:
            await self._prepare(marker, progress)
            last = await self._go_out(Rate(rate), progress)
            progress.step("Chờ báo cáo · the reports follow", 0)
            lines = await self._compared(before, last)
            texts = await self.texts.compared(last)
        return self._show({**lines, **texts})

    async def _prepare(self, marker: str, progress: Progress) -> None:
        """Offices, neighbourhoods, points, teams and phones; Quận 1's first."""
        campaign, foundation = self.campaign, self.campaign.foundation
        first = [[foundation.marker(marker)], *foundation.of_march()]
        await self._decide(IN_MARCH, first, MARCH_MORNING, progress)
        setting = foundation.of_campaign()
        await self._decide("Khu phố, điểm, tổ · the setting", setting, p.PREPARED_AT, progress)
        await self._decide("Lễ phát động · the launch", foundation.launch(), p.LAUNCH, progress)
        phones = (*campaign.city.phones_then, *campaign.city.phones)
        progress.step(ENROLLED, len(phones))
        await self.office.let_in(phones, progress)

    async def _go_out(self, rate: Rate, progress: Progress) -> date:
        """The history of March, then day by day; the last of them."""
        phones = Phones(self.registration, rate, self.results, progress)
        campaign = self.campaign
        history = campaign.history()
        progress.step(IN_MARCH, _events(history))
        await phones.upload(history, self.memory.phones, CONNECTIONS)
        end = campaign.foundation.end_of_district()
        await self._decide("Quận 1, 30/6/2025", end, LAST_EVENING, progress)
        last = campaign.days[-1] + p.LATEST_UPLOAD
        for day, parts in self.texts.days(campaign):
            if day == p.FESTIVAL and day in campaign.days:
                await self._open_festival(progress)
            progress.step(f"{day:%d/%m/%Y}", sum(map(_events, parts)))
            for part in parts:
                await self._upload(part, phones)
            if day == p.FESTIVAL and day in campaign.days:
                end = campaign.foundation.end_of_festival()
                await self._decide(FESTIVAL, end, FESTIVAL_EVENING, progress)
            last = max(last, day)
        return last

    async def _upload(self, uploads: Sequence[Upload], phones: Phones) -> None:
        """And time for the SMS that follow from it."""
        known = self.results.counts["accepted"]
        await phones.upload(uploads, self.memory.phones, CONNECTIONS)
        if self.results.counts["accepted"] > known:
            await self.texts.settle(uploads)

    async def _open_festival(self, progress: Progress) -> None:
        city, foundation = self.campaign.city, self.campaign.foundation
        await self._decide(FESTIVAL, foundation.of_festival(), FESTIVAL_MORNING, progress)
        if city.festival:
            progress.step(ENROLLED, 1)
            await self.office.let_in([city.festival[1]], progress)

    async def _decide(self, name: str, steps: Steps, at: datetime, progress: Progress) -> None:
        progress.step(name, sum(len(step) for step in steps))
        await self.office.decide(steps, at + timedelta(hours=1), progress)

    async def _compared(self, before: Mapping[str, int], last: date) -> dict[str, list[Line]]:
        done_at = comparison.now()
        after = await comparison.counters(self.registration)
        overview = comparison.Overview(self.reporting)
        everything = await overview.holding_all_before(done_at, last)
        march = await overview.at(p.HISTORY_DAY)
        held = await overview.at(last, "activities")
        points = self.campaign.city.points_then
        main_points = sum(point.main for point in points)
        return {
            THIS_RUN: comparison.of_counters(self.results, before, after),
            THE_CITY: [
                *comparison.of_overview(self.results, everything),
                *comparison.of_march(march, len(points), main_points),
                *comparison.of_activities(self.results, held),
            ],
        }

    def _show(self, lines: Mapping[str, list[Line]]) -> bool:
        equal = comparison.show(self.console, lines)
        self.texts.show(self.console)
        for surprise, times in self.results.surprises.most_common():
            self.console.print(f"[red]{times:,} × {surprise}")
        return equal


def _events(uploads: Sequence[Upload]) -> int:
    return sum(len(upload.sent) for upload in uploads)
