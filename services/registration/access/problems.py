"""What can be wrong with who comes in."""

from services.platform.problems import ProblemKind

WRONG_PASSWORD = ProblemKind(
    "wrong_password",
    401,
    "Tên đăng nhập hoặc mật khẩu không đúng.",
    "The user name or the password is not right.",
)
LOCKED_OUT = ProblemKind(
    "locked_out",
    429,
    "Sai mật khẩu quá nhiều lần. Hãy đợi theo `Retry-After` rồi thử lại, hoặc nhờ quản trị viên.",
    "Too many wrong passwords. Wait as `Retry-After` says, or ask the administrator.",
)
PASSWORD_MUST_CHANGE = ProblemKind(
    "password_must_change",
    401,
    "Đây là mật khẩu cấp lần đầu. Hãy đổi mật khẩu (`POST /password`) trước khi làm việc khác.",
    "This is a first password. Change it (`POST /password`) before anything else.",
)
PASSWORD_TOO_WEAK = ProblemKind(
    "password_too_weak",
    409,
    "Mật khẩu mới cần ít nhất 12 ký tự, khác mật khẩu cũ, không chứa tên đăng nhập, không lặp,"
    " không theo dãy và không phải từ thông dụng. Hãy ghép vài từ không liên quan.",
    "A new password has 12 characters at least, is not the old one, does not hold the name, and is"
    " neither repeated, nor a row of keys, nor a common word. Join some words that do not belong"
    " together.",
)
FIRST_PASSWORD_ENDED = ProblemKind(
    "first_password_ended",
    401,
    "Mật khẩu cấp lần đầu đã hết hạn. Hãy nhờ quản trị viên cấp lại.",
    "This first password has ended. Ask the administrator for another.",
)
LAST_ADMINISTRATOR = ProblemKind(
    "last_administrator",
    409,
    "Đây là quản trị viên cuối cùng còn đăng nhập được. Hãy tạo quản trị viên khác và để người ấy"
    " đổi mật khẩu lần đầu, rồi mới khóa tài khoản này.",
    "This is the last administrator who can sign in. Make another, who changes their first"
    " password, before this one is disabled.",
)
CSRF_MISSING = ProblemKind(
    "csrf_missing",
    403,
    "Thiếu hoặc sai tiêu đề X-CSRF-Token của phiên này. Hãy tải lại trang.",
    "The header X-CSRF-Token of this session is missing or wrong. Load the page again.",
)
USER_NAME_TAKEN = ProblemKind(
    "user_name_taken",
    409,
    "Tên đăng nhập này đã có. Hãy chọn tên khác.",
    "This user name is taken. Choose another.",
)
NO_SUCH_WARD = ProblemKind(
    "no_such_ward",
    404,
    "Không có phường, xã, đặc khu mang mã này. Cả thành phố thì chọn vai trò của trung tâm.",
    "No ward has this code. For the whole city choose a role of the centre.",
)
KEY_DAY_OUT_OF_RANGE = ProblemKind(
    "key_day_out_of_range",
    409,
    "Ngày cuối của khóa phải từ hôm nay đến hết năm 2099.",
    "The key's last day lies between today and the end of 2099.",
)
POINT_ELSEWHERE = ProblemKind(
    "point_elsewhere",
    409,
    "Điểm hỗ trợ này thuộc phường, xã khác.",
    "This service point lies in another ward.",
)
CODE_NOT_VALID = ProblemKind(
    "code_not_valid",
    404,
    "Mã kết nối không đúng, đã dùng hoặc đã hết hạn. Hãy xin cán bộ phường mã mới.",
    "The code is wrong, used, or has expired. Ask your ward's coordinator for a new one.",
)
TEAM_ENDED = ProblemKind(
    "team_ended",
    409,
    "Tổ này đã giải thể nên không kết nối thêm thiết bị.",
    "This team was disbanded, so it takes no more devices.",
)
DEVICE_REVOKED = ProblemKind(
    "device_revoked",
    403,
    "Thiết bị này đã bị thu hồi. Sự kiện được giữ lại cho phường; nếu đúng, cán bộ phường gửi lại"
    " nguyên văn bằng tài khoản của mình (sự kiện sửa lại thì ghi `replaces`).",
    "This device was revoked. The event is kept for the ward; to admit it, a coordinator posts it"
    " again, unchanged, from their own account (a corrected one names it in `replaces`).",
)
KEY_REVOKED = ProblemKind(
    "key_revoked",
    403,
    "Khóa này đã bị thu hồi. Sự kiện được giữ lại cho phường; nếu đúng, cán bộ phường gửi lại"
    " nguyên văn bằng tài khoản của mình (sự kiện sửa lại thì ghi `replaces`).",
    "This key was revoked. The event is kept for the ward; to admit it, a coordinator posts it"
    " again, unchanged, from their own account (a corrected one names it in `replaces`).",
)
KEY_ENDED = ProblemKind(
    "key_ended",
    403,
    "Khóa này đã hết hạn; hãy xin khóa mới. Sự kiện được giữ lại cho phường; nếu đúng, cán bộ"
    " phường gửi lại nguyên văn bằng tài khoản của mình.",
    "This key has ended; ask for a new one. The event is kept for the ward; to admit it, a"
    " coordinator posts it again, unchanged, from their own account.",
)
