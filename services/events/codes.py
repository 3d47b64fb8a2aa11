"""The codes that events carry, each with its name in Vietnamese and English."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A code is its text; `vi` and `en` are what people read."""

    vi: str
    en: str

    def __new__(cls, value: str, vi: str = "", en: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.vi = vi or value
        member.en = en or value
        return member


class Service(Code):
    """What a citizen can be helped with."""

    VNEID_INSTALL = "vneid_install", "Cài đặt VNeID", "Install VNeID"
    VNEID_LEVEL2 = "vneid_level2", "Định danh mức 2", "VNeID level 2"
    CITIZEN_APP = "citizen_app", "Ứng dụng Công dân số TP.HCM", "Digital Citizen app"
    CITIZEN_APP_ACCOUNT = "citizen_app_account", "Tài khoản công dân số", "Digital citizen account"
    PUBLIC_SERVICE_ONLINE = (
        "public_service_online",
        "Dịch vụ công trực tuyến",
        "Online public services",
    )
    DIGITAL_SIGNATURE = "digital_signature", "Chữ ký số", "Digital signature"
    CASHLESS_PAYMENT = "cashless_payment", "Thanh toán không dùng tiền mặt", "Cashless payment"
    BANK_ACCOUNT = "bank_account", "Tài khoản ngân hàng", "Bank account"
    HEALTH_BOOK = "health_book", "Sổ sức khỏe điện tử", "Electronic health book"
    VSSID = "vssid", "VssID", "VssID"
    SOCIAL_SECURITY_ACCOUNT = (
        "social_security_account",
        "Tài khoản an sinh xã hội",
        "Social security account",
    )
    ETAX = "etax", "eTax Mobile", "eTax Mobile"
    PORTAL_ACCOUNT = (
        "portal_account",
        "Tài khoản Cổng dịch vụ công",
        "Public service portal account",
    )
    RESIDENCE_UPDATE = "residence_update", "Cập nhật thông tin cư trú", "Residence information"
    SOCIAL_UTILITY = (
        "social_utility",
        "Tiện ích số trên mạng xã hội",
        "Utilities on social networks",
    )
    ECOMMERCE = "ecommerce", "Mua sắm trực tuyến", "Online shopping"
    E_TRANSACTION = "e_transaction", "Giao dịch điện tử", "Electronic transactions"
    BASIC_SKILLS = "basic_skills", "Kỹ năng số cơ bản", "Basic digital skills"
    SAFETY_ONLINE = "safety_online", "An toàn trên mạng", "Online safety"


class Group(Code):
    """Whom the movement sets out to reach."""

    HOUSEHOLD = "household", "Hộ dân", "Household"
    ELDERLY = "elderly", "Người lớn tuổi", "Elderly people"
    VULNERABLE = "vulnerable", "Nhóm yếu thế", "Vulnerable people"
    WORKER = "worker", "Người lao động", "Workers"
    TRADER = "trader", "Tiểu thương", "Small traders"
    STUDENT = "student", "Học sinh, sinh viên", "Students"
    OFFICIAL = "official", "Cán bộ, công chức", "Officials"
    ENTERPRISE_EMPLOYEE = "enterprise_employee", "Nhân viên doanh nghiệp", "Enterprise employees"
    MASS_ORG = "mass_org", "Đoàn thể", "Mass organisations"
    PARTY_MEMBER = "party_member", "Đảng viên", "Party members"
    ORG_MEMBER = "org_member", "Hội viên, đoàn viên", "Members of organisations"
    RESIDENT = "resident", "Người dân", "Residents"


class AgeBand(Code):
    """Cut where the rules on digital identity (14), adulthood (18) and old age (60) cut."""

    UNDER_14 = "under_14", "Dưới 14", "Under 14"
    FROM_14_TO_17 = "14_17", "14 đến 17", "14 to 17"
    FROM_18_TO_59 = "18_59", "18 đến 59", "18 to 59"
    FROM_60 = "60_plus", "Từ 60", "60 and over"


class Before(Code):
    """What the citizen had before the help."""

    NONE = "none", "Chưa có", "Had none"
    HAD = "had", "Đã có", "Had it"


class Outcome(Code):
    """Hiểu ngay - làm được - dùng liền."""

    UNDERSTOOD = "understood", "Hiểu", "Understood"
    CAN_DO = "can_do", "Làm được", "Can do it"
    USING = "using", "Dùng liền", "Using it"
    NOT_DONE = "not_done", "Chưa xong", "Not done"


class NotDoneReason(Code):
    """Why a service could not be completed."""

    NO_DEVICE = "no_device", "Không có thiết bị", "No device"
    NO_NETWORK = "no_network", "Không có mạng", "No network"
    NO_PAPERS = "no_papers", "Thiếu giấy tờ", "Papers missing"
    SYSTEM_ERROR = "system_error", "Hệ thống lỗi", "System error"
    NEEDS_POLICE = "needs_police", "Cần công an phường", "Needs the ward police"
    DECLINED = "declined", "Người dân chưa muốn", "Declined"
    OTHER = "other", "Khác", "Other"


class Channel(Code):
    """Where the help was given."""

    HOME = "home", "Tại nhà", "At home"
    SERVICE_POINT = "service_point", "Điểm hỗ trợ", "Service point"
    BOOTH = "booth", "Gian hàng", "Booth"
    KIOSK = "kiosk", "Kiosk", "Kiosk"
    PHONE = "phone", "Điện thoại", "Phone"
    ZALO = "zalo", "Zalo", "Zalo"
    ASSISTANT = "assistant", "Trợ lý ảo", "Virtual assistant"


class Device(Code):
    """On whose device."""

    OWN = "own", "Máy của người dân", "Their own"
    OTHER = "other", "Máy của người khác", "Somebody else's"
    NONE = "none", "Không có máy", "None"


class VisitOutcome(Code):
    """What a knock on the door led to."""

    MET = "met", "Gặp", "Met"
    ABSENT = "absent", "Vắng nhà", "Absent"
    REFUSED = "refused", "Từ chối", "Refused"
    REVISIT = "revisit", "Hẹn quay lại", "Come again"


class TeamKind(Code):
    """Four kinds that are never added up as one."""

    COMMUNITY_TECH_TEAM = (
        "community_tech_team",
        "Tổ công nghệ số cộng đồng",
        "Community digital-technology team",
    )
    DX_FORMATION = (
        "dx_formation",
        "Đội hình chuyển đổi số cộng đồng",
        "Community digital-transformation formation",
    )
    LITERACY_VOLUNTEERS = (
        "literacy_volunteers",
        "Đội hình tình nguyện Bình dân học vụ số",
        "Digital literacy volunteers",
    )
    CITY_VOLUNTEERS = "city_volunteers", "Đội tình nguyện thành phố", "City volunteers"


class MemberKind(Code):
    """From where a team's member comes."""

    YOUTH_UNION = "youth_union", "Đoàn viên thanh niên", "Youth union member"
    OFFICIAL = "official", "Cán bộ", "Official"
    CIVIL_SERVANT = "civil_servant", "Công chức", "Civil servant"
    PUBLIC_EMPLOYEE = "public_employee", "Viên chức", "Public employee"
    ENTERPRISE = "enterprise", "Doanh nghiệp", "Enterprise"
    BUSINESS = "business", "Cơ sở kinh doanh", "Business premises"
    POLICE = "police", "Công an", "Police"
    FATHERLAND_FRONT = "fatherland_front", "Mặt trận Tổ quốc", "Fatherland Front"
    RESIDENT = "resident", "Người dân", "Resident"


class MemberRole(Code):
    """A member's part in the team."""

    HEAD = "head", "Tổ trưởng", "Head"
    DEPUTY = "deputy", "Tổ phó", "Deputy"
    MEMBER = "member", "Thành viên", "Member"


class ServicePointKind(Code):
    """Where citizens come to be helped."""

    WARD_OFFICE = "ward_office", "Trụ sở phường", "Ward office"
    ONE_STOP = "one_stop", "Bộ phận một cửa", "One-stop section"
    NEIGHBOURHOOD = "neighbourhood", "Điểm khu phố", "Neighbourhood point"
    BOOTH = "booth", "Gian hàng", "Booth"
    KIOSK = "kiosk", "Kiosk", "Kiosk"
    MODEL_POINT = "model_point", "Mô hình điểm", "Model point"


class OrganisationKind(Code):
    """Who stands behind a team, an activity or a target."""

    CITY = "city", "Thành phố", "City"
    CENTRE = "centre", "Trung tâm Chuyển đổi số", "Digital Transformation Centre"
    DEPARTMENT = "department", "Sở, ngành", "Department"
    DISTRICT = "district", "Quận, huyện (đến 30/6/2025)", "District (until 30 June 2025)"
    WARD = "ward", "UBND phường, xã, đặc khu", "Ward People's Committee"
    FATHERLAND_FRONT = "fatherland_front", "Mặt trận Tổ quốc", "Fatherland Front"
    MASS_ORG = "mass_org", "Đoàn thể", "Mass organisation"
    YOUTH_UNION = "youth_union", "Đoàn Thanh niên", "Youth Union"
    POLICE = "police", "Công an", "Police"
    ENTERPRISE = "enterprise", "Doanh nghiệp", "Enterprise"
    DIVISION = "division", "Phòng chuyên môn", "Specialist division"


class CertificateAuthority(Code):
    """Issuers of personal signatures in the city's free programme."""

    VNPT = "vnpt", "VNPT", "VNPT"
    VIETTEL = "viettel", "Viettel", "Viettel"
    MISA = "misa", "MISA", "MISA"
    BKAV = "bkav", "Bkav", "Bkav"
    FPT = "fpt", "FPT", "FPT"
    NACENCOMM = "nacencomm", "Nacencomm", "Nacencomm"
    OTHER = "other", "Khác", "Other"


class SignatureSource(Code):
    """Through which door the signature came."""

    CA = "ca", "Nhà cung cấp", "The CA itself"
    VNEID = "vneid", "VNeID", "VNeID"


class Programme(Code):
    """Programmes an activity or a service counts towards."""

    BDHVS = "bdhvs", "Bình dân học vụ số", "Digital popular literacy"
    CCHC = "cchc", "Cải cách hành chính", "Administrative reform"
    CDS = "cds", "Chuyển đổi số", "Digital transformation"
    DA06 = "da06", "Đề án 06", "Project 06"


class Purpose(Code):
    """What a citizen's contact may be used for."""

    VISIT = "visit", "Xác nhận lượt hỗ trợ", "Confirming a visit"
    REMINDER = "reminder", "Nhắc hẹn", "Reminders"
    INVITATION = "invitation", "Mời tham gia", "Invitations"


class ConsentMethod(Code):
    """How a citizen agreed or withdrew."""

    APP_FORM = "app_form", "Biểu mẫu trên ứng dụng", "Form in the app"
    PAPER = "paper", "Giấy", "Paper"
    SPOKEN = "spoken", "Lời nói có ghi nhận", "Spoken and recorded"
    SMS = "sms", "Tin nhắn", "SMS"


class VoidReason(Code):
    """Why an event is taken back."""

    MISTAKE = "mistake", "Ghi nhầm", "Recorded by mistake"
    TWICE = "twice", "Ghi hai lần", "Recorded twice"
    NOT_HELPED = "not_helped", "Không có hỗ trợ", "Nobody was helped"
    WRONG_PERSON = "wrong_person", "Nhầm người", "Wrong person"
    FRAUD = "fraud", "Gian dối", "Fraud"
    CORRECTED = "corrected", "Đã ghi lại cho đúng", "Corrected by another event"
    SETTLED = "settled", "Đã giải quyết", "Settled"
    """Of a refusal: the event was accepted after all, or was let be."""


class RefusedResult(Code):
    """How an event that was not accepted was judged."""

    REJECTED = "rejected", "Từ chối", "Rejected"
    CONFLICT = "conflict", "Trùng mã, khác nội dung", "Same id, other content"


class DisputeKind(Code):
    """What a citizen says is not so."""

    NOT_HELPED = "not_helped", "Không được hỗ trợ", "Was not helped"
    WRONG_NUMBER = "wrong_number", "Nhầm số điện thoại", "Wrong number"


class DisputeOutcome(Code):
    """What asking about a dispute found."""

    CONFIRMED = "confirmed", "Có hỗ trợ thật", "The help was real"
    VOIDED = "voided", "Không có, đã hủy bản ghi", "It was not; the record was voided"
    WRONG_NUMBER = "wrong_number", "Số điện thoại của người khác", "The number is somebody else's"


class FeedbackTopic(Code):
    """What feedback is about."""

    SMS_REPLY = "sms_reply", "Trả lời tin nhắn SMS", "Reply to an SMS"


class RequestKind(Code):
    """What somebody asks for; a data subject's rights are those of Law 91/2025/QH15, article 4."""

    HELP = "help", "Xin hỗ trợ", "Help"
    CALLBACK = "callback", "Xin gọi lại", "A call back"
    DATA_ACCESS = "data_access", "Xem dữ liệu cá nhân", "To see personal data"
    DATA_CORRECTION = "data_correction", "Sửa dữ liệu cá nhân", "To correct personal data"
    DATA_ERASURE = "data_erasure", "Xóa dữ liệu cá nhân", "To erase personal data"
    DATA_RESTRICTION = "data_restriction", "Hạn chế xử lý dữ liệu", "To restrict processing"
    FALSE_VOLUNTEER = "false_volunteer", "Nghi giả danh tình nguyện viên", "A false volunteer"

    @property
    def is_a_data_right(self) -> bool:
        """Whether it is about one citizen's own data."""
        return self.value.startswith("data_")

    @property
    def restricts(self) -> bool:
        """Whether nothing is sent to the citizen, nor read of them, while it is open."""
        return self in (RequestKind.DATA_ERASURE, RequestKind.DATA_RESTRICTION)


class RequestOutcome(Code):
    """What became of a request."""

    DONE = "done", "Đã làm", "Done"
    REFUSED = "refused", "Không có căn cứ", "Refused"
    WITHDRAWN = "withdrawn", "Người yêu cầu rút lại", "Withdrawn by who asked"

    def keeps_restricting(self, kind: RequestKind) -> bool:
        """Whether a restriction was granted, and so outlasts its request."""
        return self is RequestOutcome.DONE and kind is RequestKind.DATA_RESTRICTION


class ErasureReason(Code):
    """Why the centre erases without another person's request."""

    ASKED_THE_CENTRE = "asked_the_centre", "Người dân gửi thẳng trung tâm", "Asked of the centre"
    WARD_DID_NOT_CONFIRM = (
        "ward_did_not_confirm",
        "Phường chưa xác nhận kịp hạn",
        "The ward did not confirm in time",
    )
    ORDERED = "ordered", "Theo yêu cầu của cơ quan có thẩm quyền", "Ordered by an authority"
    NOT_A_PERSON = "not_a_person", "Hồ sơ ghi nhầm, không phải của ai", "Nobody's, made by mistake"
