"""Whether the demo may play here: on sample figures alone, and beside no other data."""

from collections.abc import Mapping

from demo.memory import Memory
from demo.office import Office
from demo.server import REGISTRATION, CannotPlay, Server

KINDS = ("organisations", "neighbourhoods", "teams", "service_points")


async def must_be_demo(registration: Server) -> None:
    """Raises: CannotPlay where figures are real."""
    about = await registration.get(f"{REGISTRATION}/about")
    if not about["demo"]:
        raise CannotPlay(
            "Máy chủ này không ở chế độ số liệu minh họa nên không nhận chiến dịch mẫu.",
            "This server holds no sample figures (REGISTRATION_DEMO), so the demo does not play.",
        )


async def must_be_ours(
    office: Office, marker: str, wanted: Mapping[str, object], memory: Memory
) -> None:
    """Raises: CannotPlay beside other data, or where another campaign was played before."""
    if await office.has("organisations", marker):
        _must_contain(wanted, memory.campaign)
        return
    for kind in KINDS:
        if await office.has(kind):
            raise CannotPlay(
                "Cơ sở dữ liệu này đã có số liệu khác (hoặc chiến dịch mẫu với SEED khác)."
                " 'make clean' xóa tất cả để bắt đầu lại.",
                "This database holds other data (or the campaign of another SEED). 'make clean'"
                " removes everything to start again.",
            )


def _must_contain(wanted: Mapping[str, object], played: Mapping[str, object]) -> None:
    """More days of the same campaign are fine; fewer would not show all that is there."""
    days = {**wanted, "days": 0}, {**played, "days": 0}
    fewer = int(str(wanted["days"])) < int(str(played.get("days", 0)))
    if days[0] != days[1] or fewer:
        raise CannotPlay(
            f"Chiến dịch đã chạy ở đây với {_shown(played)}; hãy chạy lại như vậy (có thể nhiều"
            " ngày hơn), hoặc 'make clean'.",
            f"The campaign was played here with {_shown(played)}; play it so again (more days are"
            " fine), or 'make clean'.",
        )


def _shown(played: Mapping[str, object]) -> str:
    return ", ".join(f"{name.upper()}={value}" for name, value in played.items() if value)
