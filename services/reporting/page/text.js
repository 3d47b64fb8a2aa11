// Words and formats in both languages; names of figures and codes come with the figures.
const WORDS = {
  vi: {
    skip: "Đến nội dung chính", sample: "SỐ LIỆU MINH HỌA", sampleWhy: "Mọi con số trên trang này là hư cấu.",
    motto: "Đi từng ngõ, gõ từng nhà", trueAsOf: "Đúng đến", period: "Kỳ", periodAll: "Từ đầu đến nay",
    periodToday: "Hôm nay", periodWeek: "Tuần này", periodCampaign: "Kỳ báo cáo tháng (15 đến 14)",
    periodOwn: "Chọn ngày", from: "Từ ngày", to: "Đến ngày", service: "Dịch vụ", group: "Nhóm", all: "Tất cả",
    wards: "168 phường, xã, đặc khu", colourBy: "Tô màu theo",
    mapHint: "Mỗi ô là một phường, xã, đặc khu, đặt theo vị trí thật. Chọn một ô để xem chi tiết.",
    league: "Bảng các đơn vị", search: "Tìm đơn vị", unit: "Đơn vị", found: (n) => `${n} đơn vị`, city: "Toàn thành phố",
    foundBeside: (n) => `, và ${n} dòng ngoài các phường, xã, đặc khu hiện nay`, ownWards: (n) => `${n} đơn vị của bạn`,
    units: "Đơn vị hành chính", wardsToday: "Hiện nay (quá khứ quy về đơn vị mới)", wardsAsWas: "Theo thời điểm đó",
    former: "đến 30/6/2025", notDivided: "Phần này tính chung mọi dịch vụ và nhóm.",
    unsaid: (names) => `Không hiện vì không chia được theo dịch vụ, nhóm đã chọn: ${names}.`,
    sms: "Tin nhắn vừa gửi", smsHint: "Từ nhà cung cấp “console”: không tin nào rời khỏi máy này. Số điện thoại đã được che.",
    noSms: "Chưa có tin nhắn nào.", segments: "đoạn tin",
    smsByWard: "Tin nhắn và trả lời theo đơn vị", smsByWardHint: "Đơn vị có tin nhắn hoặc trả lời trong kỳ. Trả lời tính vào ngày trả lời, tỷ lệ tính theo tin đã tới máy.",
    openDisputes: "Phản ánh sai lệch chờ giải quyết", openDisputesHint: "Người dân trả lời rằng không được hỗ trợ hoặc nhầm số. Phường, xã hỏi lại rồi ghi kết luận; cũ nhất ở trên.",
    noDisputes: "Không có phản ánh nào đang chờ.", moreDisputes: "Còn nữa: đây là những phản ánh cũ nhất.", disputedAt: "Phản ánh lúc", age: "Số ngày chờ",
    quality: "Chất lượng dữ liệu theo đơn vị", qualityHint: "Điều đã thấy thì không bị từ chối: bản ghi nghi vấn vẫn được đếm, và đếm thêm ở đây cho đến khi có người hủy.",
    doubts: "Bản ghi nghi ghi hai lần", doubtsHint: "Trong ba tháng gần đây, mới nhất ở trên. Hủy một trong hai bản ghi, hoặc để nguyên cả hai.",
    noDoubts: "Không có bản ghi nghi vấn nào.", moreDoubts: "Còn nữa: đây là những bản ghi mới nhất.", happenedAt: "Ghi lúc", earlier: "Bản ghi trước", toDo: "Việc cần làm",
    footer: "Mỗi con số mở ra những bản ghi đã tạo nên nó. Tỷ lệ luôn kèm tử số, mẫu số, nguồn và ngày.",
    problems: "Mã lỗi", filters: "Bộ lọc", close: "Đóng", more: "Xem thêm", live: "trực tiếp", lost: "mất kết nối, đang thử lại",
    refused: "không trả lời được", broken: "trang gặp lỗi", brokenWhy: "Trang này không vẽ được số liệu. Số liệu không mất; hãy tải lại trang.",
    periodHalf: "Hãy chọn đủ ngày đầu và ngày cuối. Số liệu bên dưới vẫn là của kỳ ghi ở đầu trang.",
    periodReversed: "Ngày cuối đứng trước ngày đầu; hãy sửa lại. Số liệu bên dưới vẫn là của kỳ ghi ở đầu trang.",
    remaking: (n) => `đang tính lại ${n} đơn vị`,
    late: (s) => `chậm ${s} giây`, since: (at) => `(từ ${at})`, unknown: "chưa rõ", noBasis: "chưa có mẫu số", notSaid: "không chia theo bộ lọc này",
    closed: "chưa đăng nhập", userName: "Tên đăng nhập", password: "Mật khẩu", newPassword: "Mật khẩu mới (ít nhất 12 ký tự)",
    doSignIn: "Đăng nhập", signOut: "Đăng xuất", mustChange: "Đây là mật khẩu đầu tiên. Hãy đặt mật khẩu mới.",
    signIn: "Chưa đăng nhập hoặc phiên đã hết hạn. Trang này cần quyền xem số liệu.",
    legendNone: "chưa có", islandNote: "Côn Đảo: cách 230 km", choose: "Chọn một ô trên bản đồ hoặc một dòng trong bảng để xem từng ngày và từng khu phố, ấp.",
    byDay: "Dịch vụ đã hỗ trợ theo ngày", byWeek: "Dịch vụ đã hỗ trợ theo tuần", byMonth: "Dịch vụ đã hỗ trợ theo tháng",
    most: (n, when) => `cao nhất ${n} (${when})`, byArea: "Theo khu phố, ấp", area: "Khu phố, ấp",
    noArea: "Không ghi khu phố, ấp", none: "Chưa có số liệu trong kỳ này.",
    day: "Ngày", ward: "Đơn vị", what: "Nội dung", amount: "Số lượng", records: "Bản ghi",
    factsHint: "Mỗi dòng là một điều đã được đếm, cùng các bản ghi nói lên điều đó. Cộng mọi trang thì bằng con số.",
    setDoors: "Gõ cửa từng nhà", setTeams: "Tổ, đội (bốn loại, không cộng chung)", setPlaces: "Địa bàn và điểm hỗ trợ",
    setActivities: "Hoạt động", setSigns: "Chữ ký số", setSms: "Tin nhắn cho người dân", setRecords: "Bản ghi từ thiết bị",
    spoken: (services, people) => `${services} dịch vụ, ${people} người được hỗ trợ`, asOf: "tại",
  },
  en: {
    skip: "Skip to content", sample: "SAMPLE FIGURES", sampleWhy: "Every number on this page is invented.",
    motto: "To every alley, to every door", trueAsOf: "True as of", period: "Period", periodAll: "From the beginning",
    periodToday: "Today", periodWeek: "This week", periodCampaign: "Reporting month (15th to 14th)",
    periodOwn: "Choose days", from: "From", to: "To", service: "Service", group: "Group", all: "All",
    wards: "The 168 wards", colourBy: "Colour by",
    mapHint: "Each tile is a ward, commune or special zone, placed where it lies. Choose one to see more.",
    league: "Table of the wards", search: "Find a ward", unit: "Ward", found: (n) => `${n} wards`, city: "The whole city",
    foundBeside: (n) => `, and ${n} rows beside the wards of today`, ownWards: (n) => `Your ${n} wards`,
    units: "Units", wardsToday: "Today's (the past under them)", wardsAsWas: "As they were",
    former: "until 30/6/2025", notDivided: "This part holds all services and groups.",
    unsaid: (names) => `Not shown, because the chosen service or group does not divide it: ${names}.`,
    sms: "Newest SMS", smsHint: "From the provider “console”: no message leaves this machine. Numbers are masked.",
    noSms: "No message yet.", segments: "segments",
    smsByWard: "SMS and answers by ward", smsByWardHint: "Wards with SMS or answers in the period. Answers count on their own day; the share is of SMS that were delivered.",
    openDisputes: "Open disputes", openDisputesHint: "Citizens answered that nobody helped them, or that the number is wrong. The ward asks and records what it found; oldest first.",
    noDisputes: "No dispute is waiting.", moreDisputes: "There are more: these are the oldest.", disputedAt: "Disputed at", age: "Days waiting",
    quality: "Data quality by ward", qualityHint: "What was seen is never refused: records in doubt count, and count here too, until somebody voids them.",
    doubts: "Records that look told twice", doubtsHint: "Of the last three months, newest first. Void one of the two, or let both be.",
    noDoubts: "No record is in doubt.", moreDoubts: "There are more: these are the newest.", happenedAt: "Told at", earlier: "Earlier record", toDo: "What to do",
    footer: "Each number opens the records that made it. A ratio always shows its parts, their source and date.",
    problems: "Problem codes", filters: "Filters", close: "Close", more: "Show more", live: "live", lost: "connection lost, trying again",
    refused: "cannot be answered", broken: "page out of order", brokenWhy: "The page cannot draw the figures. None is lost; load it again.",
    periodHalf: "Choose both the first and the last day. The figures below are still those of the period named above them.",
    periodReversed: "The last day comes before the first; mend it. The figures below are still those of the period named above them.",
    remaking: (n) => `${n} wards are being counted anew`,
    late: (s) => `${s} s behind`, since: (at) => `(since ${at})`, unknown: "not known yet", noBasis: "no denominator yet", notSaid: "not divided by this filter",
    closed: "not signed in", userName: "User name", password: "Password", newPassword: "New password (at least 12 characters)",
    doSignIn: "Sign in", signOut: "Sign out", mustChange: "This is a first password. Choose a new one.",
    signIn: "Not signed in, or the session has ended. This page needs the right to read figures.",
    legendNone: "none", islandNote: "Côn Đảo: 230 km away", choose: "Choose a tile of the map or a row of the table to see days and neighbourhoods.",
    byDay: "Services given by day", byWeek: "Services given by week", byMonth: "Services given by month",
    most: (n, when) => `at most ${n} (${when})`, byArea: "By neighbourhood", area: "Neighbourhood",
    noArea: "No neighbourhood given", none: "No figures in this period.",
    day: "Day", ward: "Ward", what: "What", amount: "Amount", records: "Records",
    factsHint: "Each row is one thing that was counted, with the records that say so. All pages add up to the number.",
    setDoors: "Door to door", setTeams: "Teams (four kinds, never added up)", setPlaces: "Ground covered, service points",
    setActivities: "Activities", setSigns: "Digital signatures", setSms: "SMS to citizens", setRecords: "Records from devices",
    spoken: (services, people) => `${services} services, ${people} people helped`, asOf: "as of",
  },
};
const CITY = "Asia/Ho_Chi_Minh";
let lang = "vi";
try { lang = localStorage.getItem("lang") === "en" ? "en" : "vi"; } catch { /* private window */ }

export const language = () => lang;
export const t = (word, ...given) => (typeof WORDS[lang][word] === "function" ? WORDS[lang][word](...given) : WORDS[lang][word]);
export const named = (sentence) => (sentence ? sentence[lang] : "");
const locale = () => (lang === "vi" ? "vi-VN" : "en-GB");
const formats = new Map(); // one is dear to make, and a screen has thousands of numbers
function format(digits) {
  const key = lang + digits;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  return formats.get(key);
}
export const number = (value) => format(0).format(value);
export const percent = (value) => `${format(1).format(value)}%`;
export const fold = (text) => text.normalize("NFKC").replace(/\p{Cf}/gu, "").toLowerCase().replace(/[đðɖ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
export const byName = new Intl.Collator("vi", { numeric: true }).compare;

export function dayOf(iso) {
  const [year, month, day] = iso.split("-");
  return `${day}/${month}/${year}`;
}
const INSTANT = new Intl.DateTimeFormat("en-GB", {
  timeZone: CITY, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
});
export function instant(iso) {
  const parts = INSTANT.formatToParts(new Date(iso));
  const of = (type) => parts.find((part) => part.type === type).value;
  return `${of("hour")}:${of("minute")}:${of("second")}, ${of("day")}/${of("month")}/${of("year")}`;
}
export function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: CITY }).format(new Date());
}
export function speak(language) {
  lang = language;
  try { localStorage.setItem("lang", language); } catch { /* private window */ }
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === language));
}
