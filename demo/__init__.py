"""The invented campaign, played over the public HTTP API alone. SỐ LIỆU MINH HỌA."""
