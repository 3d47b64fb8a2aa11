"""Ways in which citizens say the five things, and ways that say none of them for sure.

Made from the plain answers by stated variations: with and without marks, words of courtesy, figures
with the words of our own text, mistypings, other keyboards, and the prefix of a shared number (TN).
"""

from services.notify.notification.notification import Answer

SURE = {
    Answer.RIGHT: """
        1 | 1. | 1 ! | (1) | 1) | "1" | １ | １。 | 1 đúng | 1. Đúng | 1: đúng | 1 - Đúng | 1 ĐÚNG |
        1 đúng rồi ạ | Đúng 1 | 1 dúng | 1 ddungs | 1 đúngg | 1đúng | 1 ạ | Dạ 1 | Dạ 1 ạ | 1 nhé |
        1 cảm ơn | 1. Cảm ơn các em nhiều | 1 cam on | 1 thanks | Cảm ơn, 1 | Xin chào, 1 | Số 1 |
        Tôi chọn 1 | Trả lời 1 | 1 ok | 1 👍 | 1 🙏 | 1 :) | 1 còn | 1. Còn dùng | 1 vẫn dùng |
        TN 1 | tn1 | TN 1 đúng | TN. 1 ạ
    """,
    Answer.WRONG: """
        2 | 2. | ２ | 2 sai | 2. Sai | 2 SAI | Sai 2 | 2sai | 2 sai rồi | 2 sai ạ | 2 saii | sai |
        Sai rồi ạ | Không đúng | không đúng ạ | 2 không đúng | 2 ko đúng | 2 khong dung | 2 không |
        2. Không dùng nữa | 2 cảm ơn | Dạ 2 ạ | Em chào chị, 2 | TN 2 | TN 2 sai | tn2
    """,
    Answer.WRONG_NUMBER: """
        3 | 3. | ３ | 3 nhầm số | 3. Nhầm số | 3 nham so | 3nhamso | 3 nhầm | Nhầm số | nham so |
        nhầm số rồi | Nhầm số rồi ạ | Lộn số | lon so roi | Sai số | 3 lộn số rồi em ơi |
        3 nhầm người | nhaamf soos | Nhắn nhầm số | 3 không phải tôi | TN 3 | TN 3 nhầm số
    """,
    Answer.STOP: """
        TC | tc | Tc. | T.C | t c | T/C | TC ạ | TC. Cảm ơn | TC cảm ơn nhiều | TC!!! | TCC | ＴＣ |
        TC từ chối | TC tu choi | TC, đừng gửi nữa | Từ chối | tu choi | TỪ CHỐI | từ chối ạ |
        Tôi từ chối | từ trối | tuwf choois | tuchoi | Xin từ chối | Từ chối nhận tin |
        từ chối quảng cáo | Hủy | Huỷ | huy | hủy ạ | Hủy đăng ký | huy dk | hủy nhận tin | huyr |
        Không nhận tin | khong nhan tin nua | Đừng nhắn tin nữa | đừng gửi tin | Ngừng gửi tin |
        ko muốn nhận tin nhắn | STOP | stop sms | Dạ em TC ạ | TN TC | TNTC | TN từ chối
    """,
    Answer.START: """
        DK | dk | ĐK | Đ.K | DK ạ | Dạ DK | DK lại | đăng ký lại | Đăng ký nhận tin | TN DK | start
    """,
    Answer.OTHER: """
        dung | đúng | dừng | đừng | dùng | 1 dung | 1 dừng | 1? | 1 👎 | 1 :( | 1 không | 1 sai |
        1 2 | 12 | 1 hoặc 2 | 1/2 | 1.5 | 1,2 | +1 | -1 | 11 | l | I | một | 2 đúng | 2 còn |
        còn 2 | 2? | 2/11 | 2h | 3 sai | <3 | :3 | 3> | 3h chiều | 3 ngày | không 1 | không |
        không từ chối | Tôi không từ chối | không TC | Hủy lịch hẹn | hủy hẹn | Từ chối lịch hẹn |
        đăng ký | DK khám bệnh | Đăng ký học | không hủy | TC là gì? | ai đó | ok | dạ | vâng | 🙏 |
        Cảm ơn | alo | Có ai không | gọi lại cho tôi | TN | TN xin chào | tôi không nhận tin nào | 4
    """,
}
"""With each way between bars."""

HELD_BACK = {
    Answer.RIGHT: """
        1.. | 1 Đúng ạ | 1, đúng rồi | 1. ĐÚNG RỒI | Dạ đúng 1 | Vâng 1 | 1 nha | 1 chính xác |
        1 xin cảm ơn | Cháu chào cô, 1 ạ | 1 tks | Tôi trả lời 1 | 1 vẫn còn | 1 🙏🏻 | TN 1. |
        ① | 1 đúng, cảm ơn anh chị | 1 dạ đúng | 1 vâng | Đúng rồi 1 | 1 ĐÚNG! | tôi xin trả lời 1
    """,
    Answer.WRONG: """
        2! | 2. sai rồi | 2 Sai a | SAI | sai roi | 2 không còn | 2 khong | Tôi chọn 2 | 2 nhé em |
        TN 2. Sai | Dạ sai rồi ạ | 2 - sai | 2 hok đúng | 2 sai, cảm ơn | xin trả lời 2
    """,
    Answer.WRONG_NUMBER: """
        3! | 3 Nhầm số ạ | 3 nham | nhầm số điện thoại | Bị nhầm số | lộn số rồi | 3 sai số |
        Dạ nhầm số ạ | tn 3 | 3: nhầm số | gọi nhầm số rồi | 3 lộn số | 3 cảm ơn
    """,
    Answer.STOP: """
        Tc ạ | tc nha | TC từ chối. | TC TC | Tôi muốn từ chối | từ chối tin nhắn | Tu Choi. |
        hủy tin | Hủy nhé | đừng nhắn nữa | Ngừng nhắn tin | Không gửi tin nữa | tu chôi | t-c |
        Stop! | Xin hủy | tn tc ạ | tc đi | TC giúp em | tu choi nhan tin | cho tôi từ chối |
        không nhận quảng cáo | hủy đăng ký nhận tin | TN hủy
    """,
    Answer.START: "Dk. | đk lại | dang ky nhan tin | Đăng ký lại ạ | ĐK nhận lại tin",
    Answer.OTHER: """
        Dung roi | 1 đừng | 1 chưa đúng | 1 mà sai | 2 nhầm | 21 | 1-2 | 3 con | 3 <3 |
        Hủy cuộc hẹn giúp tôi | từ chối khám | chưa từ chối | không hủy đâu | đăng ký giúp | 2 giờ |
        ai nhắn vậy | đúng không | TC nghĩa là gì | 10 | 1 người |
        không sai | sai gì | nhầm rồi | 1 2 3 | hủy hồ sơ | 3 lần | 1 tuần nữa | chị Ba
    """,
}
"""A third of all, looked at once, after the words were chosen: 103 of 107 were understood, and four
went to a person. The words were not changed for them."""


def ways(table: dict[Answer, str]) -> list[tuple[str, Answer]]:
    """Each way with what it means."""
    return [(way.strip(), answer) for answer, said in table.items() for way in said.split("|")]
