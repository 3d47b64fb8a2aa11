"""The words of citizens' answers, without marks and case: what they may say, and around it."""

from collections.abc import Iterator
from itertools import product

from services.notify.notification.notification import Answer

RIGHT, HALT = "right", "halt"
DISTINGUISHED_BY_MARKS = {
    **dict.fromkeys(("đúng", "dúng", "ddungs", "dungs"), RIGHT),
    **dict.fromkeys(("dừng", "đừng", "duwngf", "dduwngf"), HALT),
}
"""Without marks đúng, dừng, đừng and dùng are one word, `dung`, which says nothing. The last forms
of each are what remains of them where a phone's Vietnamese keyboard is off."""
MISTYPED = {
    **dict.fromkeys(("ko", "k", "kg", "khg", "hong", "hok", "hk", "khog"), "khong"),
    **dict.fromkeys(("tuwf", "tuf"), "tu"),
    **dict.fromkeys(("troi", "chois", "choif"), "choi"),
    **dict.fromkeys(("tuchoi", "tuwfchois"), "tu choi"),
    **dict.fromkeys(("huyr", "huyf", "huys"), "huy"),
    **dict.fromkeys(("nhamso", "nhamfsos"), "nham so"),
    **dict.fromkeys(("tks", "thanks", "thank", "thx", "camon"), "cam on"),
    "dky": "dang ky",
    "nhamf": "nham",
    "sos": "so",
    "oke": "ok",
    "okie": "ok",
    "okey": "ok",
    "sms": "tin",
    "nt": "nhan tin",
    "r": "roi",
}
"""Short forms of the young, neighbouring sounds, and words spelt by the keys of Telex."""


def phrases(*parts: tuple[str, ...]) -> Iterator[str]:
    """One of each part after the other; an empty one may be left out."""
    return (" ".join(filter(None, chosen)) for chosen in product(*parts))


_PEOPLE = (
    "anh", "chi", "anh chi", "em", "co", "chu", "co chu", "bac", "ong", "ba", "ban", "chau", "con",
    "cac", "cac ban", "cac em", "cac chau", "quy vi", "phuong", "uy ban", "to", "doan", "shop",
)  # fmt: skip
_THANKED = phrases(
    ("", "xin", "toi", "em", "toi xin", "chan thanh", "xin chan thanh"),
    ("cam on",),
    ("", "you", "da bao", *_PEOPLE),
    ("", "nhieu", "rat nhieu", "lam"),
)
_GREETED = phrases(("", "xin", "em", "toi"), ("chao", "thua"), ("", *_PEOPLE))
_I_SAY = phrases(("", "toi", "tui", "minh", "em", "toi xin", "xin", "cho toi", "toi muon", "muon"),
                 ("", "tra loi", "chon", "bam", "chon so"))  # fmt: skip
_ENDED = phrases(
    ("a", "ah", "ha", "nha", "nhe", "nghe", "day", "do", "luon", "thoi", "di", "giup", "roi",
     "vay", "oi", "voi"),
    ("", "a", *_PEOPLE),
)  # fmt: skip
_CALLED = phrases(_PEOPLE, ("oi", "a", "nhe"))
_SIGNS = ("🙏", "🌹", "❤", ":)", ":D")
_THANKS = frozenset(_THANKED)
BEFORE = frozenset(
    {*_THANKS, *_GREETED, *_I_SAY, *_CALLED, *_SIGNS, "da", "da vang", "vang", "alo", "so", "la",
     "phuong an", "dap an", "y kien"}
)  # fmt: skip
AFTER = frozenset({*_THANKS, *_ENDED, *_CALLED, *_SIGNS})
"""Courtesy: taken from both ends as long as there is some. No word is among it that would change
what a figure says: `còn 2` and `2 còn` are read by a person."""

_SMS = ("tin", "tin nhan", "quang cao", "tin quang cao", "tin nhan quang cao")
_ENOUGH = ("khong", "ngung", HALT, "thoi", "cham dut", "khong muon", "khong can")


def _figure(figure: str, same: tuple[str, ...], behind: tuple[str, ...] = ()) -> set[str]:
    """A figure alone, and beside words that say the same."""
    after = phrases((figure,), (*same, *behind), ("", *same, *behind))
    return {figure, *after, *phrases(same, (figure,))}


_SAYING = {
    Answer.RIGHT: _figure(
        "1",
        (RIGHT, "ok", "yes", "chinh xac", "xac nhan"),
        ("co", "con", "van con", "con dung", "van dung", "con su dung", "👍"),
    ),
    Answer.WRONG: {
        *_figure(
            "2",
            ("sai", "khong chinh xac", f"khong {RIGHT}"),
            ("khong", "khong dung", "khong con", "khong con dung", "khong dung nua", "no",
             "khong su dung"),
        ),
        "sai", f"khong {RIGHT}",
    },
    Answer.WRONG_NUMBER: {
        *_figure(
            "3",
            ("nham so", "lon so", "sai so", "nham so dien thoai", "sai so dien thoai"),
            ("nham", "nham nguoi", "lon nguoi", "nham may", "khong phai toi"),
        ),
        *phrases(("", "bi", "nhan", "gui", "goi"), ("nham", "lon", "sai"), ("so",),
                 ("", "dien thoai")),
    },
    Answer.STOP: {
        "tc", "tu choi", "huy", "ngung", "stop", "unsubscribe", "unsub", "huy dang ky", "huy dk",
        *phrases(("tu choi", "huy", "ngung", "stop", "huy dang ky"), ("", "nhan", "gui"), _SMS),
        *phrases(_ENOUGH, ("nhan", "gui"), ("", "them"), _SMS, ("", "nua")),
        *phrases(("khong", "ngung", HALT), ("nhan", "gui"), ("nua",)),
    },
    Answer.START: {
        "dk", "start",
        *phrases(("dk", "dang ky"),
                 ("lai", "nhan tin", "nhan lai tin", "lai nhan tin", "nhan tin lai")),
    },
}  # fmt: skip
MEANT = {phrase: answer for answer, said in _SAYING.items() for phrase in said}
"""All of an SMS, once courtesy is gone."""
