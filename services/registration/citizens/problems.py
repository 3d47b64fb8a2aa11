"""What can be wrong with a person, or with what is asked of a citizen's record."""

from services.platform.problems import ProblemKind

NATIONAL_ID_MALFORMED = ProblemKind(
    "national_id_malformed",
    422,
    "Số định danh cá nhân phải có đúng 12 chữ số. Hãy xem lại trên căn cước.",
    "A personal identification number has exactly 12 digits. Check the card.",
)
PHONE_MALFORMED = ProblemKind(
    "phone_malformed",
    422,
    "Số điện thoại không đúng. Nhập số di động 10 chữ số, không dùng đầu số 11 chữ số cũ.",
    "Not a telephone number. Give the 10 digits of a mobile; old 11-digit numbers are gone.",
)
ADDRESS_MALFORMED = ProblemKind(
    "address_malformed",
    422,
    "Địa chỉ không có chữ hay số nào. Hãy nhập số nhà và tên đường.",
    "The address holds no letter or digit. Give the house number and the street.",
)
NATIONAL_ID_SET_ASIDE = ProblemKind(
    "national_id_set_aside",
    200,
    "Đã ghi nhận, nhưng bỏ qua số định danh vì đó không phải số của ai. Nếu có, hãy hỏi lại.",
    "Recorded, without the identification number: it is nobody's. If there is one, ask again.",
)
PHONE_SET_ASIDE = ProblemKind(
    "phone_set_aside",
    200,
    "Đã ghi nhận, nhưng bỏ qua số điện thoại vì không dùng được. Nếu có số đúng, hãy hỏi lại.",
    "Recorded, without the telephone number: it serves nothing. If there is one, ask again.",
)
ADDRESS_SET_ASIDE = ProblemKind(
    "address_set_aside",
    200,
    "Đã ghi nhận, nhưng bỏ qua địa chỉ vì không nói nhà nào. Nếu cần, hãy gửi bản sửa.",
    "Recorded, without the address: it names no door. If it matters, send a correction.",
)
CERTIFICATE_SET_ASIDE = ProblemKind(
    "certificate_set_aside",
    200,
    "Đã ghi nhận, nhưng bỏ qua số chứng thư vì không phải số của chứng thư nào.",
    "Recorded, without the certificate's serial number: it is no certificate's.",
)
CITIZEN_ERASED = ProblemKind(
    "citizen_erased",
    409,
    "Hồ sơ của công dân này đã được xóa theo yêu cầu; không ghi thêm được nữa.",
    "This citizen's record was erased on request; nothing more can be recorded.",
)
ERASURE_NEEDS_TWO = ProblemKind(
    "erasure_needs_two",
    403,
    "Xóa hồ sơ cần hai người: một người ghi yêu cầu (`request.received`), người khác ghi việc xóa"
    " và nêu mã yêu cầu. Máy do ai cấp quyền thì tính là người đó. Phường chỉ có một người thì"
    " trung tâm xóa, kèm lý do (`reason`).",
    "An erasure needs two: one person records the request (`request.received`), another erases and"
    " names it. A phone or kiosk counts as whoever let it in. Where a ward has one person, the"
    " centre erases and gives its `reason`.",
)
ERASURE_NOT_ASKED_FOR = ProblemKind(
    "erasure_not_asked_for",
    422,
    "Yêu cầu được nêu không phải yêu cầu xóa dữ liệu của công dân này, hoặc đã đóng.",
    "The request that is named does not ask to erase this citizen's data, or is closed.",
)
CITIZEN_RESTRICTED = ProblemKind(
    "citizen_restricted",
    403,
    "Người dân đã yêu cầu xóa hoặc hạn chế xử lý dữ liệu; hồ sơ không đọc được nữa cho đến khi yêu"
    " cầu được giải quyết.",
    "The citizen asked to be erased or to have processing restricted; the record cannot be read"
    " until the request has been answered.",
)
CITIZEN_ALREADY_MERGED = ProblemKind(
    "citizen_already_merged",
    409,
    "Hồ sơ này đã được gộp vào hồ sơ khác. Hãy dùng mã của hồ sơ còn lại.",
    "This record was merged into another. Use the id of the one that stays.",
)
MERGED_WITH_ITSELF = ProblemKind(
    "merged_with_itself",
    422,
    "Không thể gộp một hồ sơ với chính nó.",
    "A record cannot be merged with itself.",
)
