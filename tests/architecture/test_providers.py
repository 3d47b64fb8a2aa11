"""Rules of the ways out that types cannot say."""

import ast
from pathlib import Path

import pytest

PROVIDERS = Path(__file__).parents[2] / "services" / "notify" / "providers"
SENDING = sorted(
    path
    for path in PROVIDERS.rglob("*.py")
    if "async def send(self, sms: Sms)" in path.read_text(encoding="utf-8")
    and path.name != "provider.py"
)


def test_each_provider_is_looked_at() -> None:
    names = {path.parent.name if path.name == "sending.py" else path.stem for path in SENDING}

    assert names == {"console", "http", "smpp", "esms", "speedsms", "zns"}


@pytest.mark.parametrize("path", SENDING, ids=lambda path: str(path.relative_to(PROVIDERS)))
def test_no_sms_passes_its_last_look_by(path: Path) -> None:
    """What leaves is handed on with the question, or asked here."""
    asked = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "may_leave"
    ]

    assert asked
