"""Notify as a whole, sending over SMPP: from a visit to the receipt."""

from pathlib import Path

from tests.builders import an_id
from tests.eventually import eventually
from tests.notify.harness import assisted
from tests.notify.smpp.conftest import StartSmsc
from tests.notify.test_service import Running, declare_in, notify


async def delivered(running: Running, citizen: str) -> bool:
    found = await running.notifications(citizen_id=citizen)
    return [one["state"] for one in found] == ["delivered"]


async def test_a_visit_becomes_an_sms_at_the_smsc_and_its_receipt_is_kept(
    mongo_url: str, database_name: str, vhost_url: str, tmp_path: Path, start_smsc: StartSmsc
) -> None:
    smsc = start_smsc(receipts="after")
    citizen = an_id("citizen")
    told = {
        "providers": "smpp",
        "smpp_host": "127.0.0.1",
        "smpp_port": await smsc.port(),
        "smpp_system_id": "tungngo",
        "smpp_sender": "UBND",
    }
    await declare_in(vhost_url)

    async with notify(mongo_url, database_name, vhost_url, tmp_path, **told) as running:
        await eventually(running.ready)
        await running.share(citizen, "0900000001")
        await running.consent(citizen)
        await running.publish(assisted(citizen))
        await eventually(lambda: delivered(running, citizen))

    await eventually(lambda: smsc.saw("close"))
    [seen] = smsc.saw("submit_sm")
    assert (seen["to"], seen["from"]) == ("84900000001", "UBND")
    assert "11/10/2025" in seen["text"]
    assert [one["status"] for one in smsc.saw("deliver_sm_resp")] == [0]
    assert len(smsc.saw("unbind")) == 1
