"""The 63 provinces that Vietnam had until 2025: code, name, about where, how many districts; and how they fare here.

Names, places (degrees) and numbers of districts are facts. The share of certified people is made up; 0 means that
there is no team yet.
"""

PROVINCES = (
    ("HAG", "Hà Giang", 22.8, 105.0, 11, 76), ("CAB", "Cao Bằng", 22.7, 106.3, 10, 35),
    ("LCH", "Lai Châu", 22.4, 103.5, 8, 0), ("LCA", "Lào Cai", 22.5, 104.0, 9, 78),
    ("TUQ", "Tuyên Quang", 21.8, 105.2, 7, 86), ("BAK", "Bắc Kạn", 22.1, 105.8, 8, 0),
    ("LAS", "Lạng Sơn", 21.9, 106.8, 11, 100), ("DIB", "Điện Biên", 21.4, 103.0, 10, 0),
    ("SOL", "Sơn La", 21.3, 103.9, 12, 32), ("YEB", "Yên Bái", 21.7, 104.9, 9, 68),
    ("THN", "Thái Nguyên", 21.6, 105.8, 9, 100), ("BAG", "Bắc Giang", 21.3, 106.2, 10, 92),
    ("QUN", "Quảng Ninh", 21.0, 107.1, 13, 100), ("PHT", "Phú Thọ", 21.3, 105.4, 13, 83),
    ("VIP", "Vĩnh Phúc", 21.3, 105.6, 9, 69), ("BAN", "Bắc Ninh", 21.2, 106.1, 8, 100),
    ("HAD", "Hải Dương", 20.9, 106.3, 12, 77), ("HPH", "Hải Phòng", 20.9, 106.7, 15, 100),
    ("HOB", "Hòa Bình", 20.8, 105.3, 10, 84), ("HNO", "Hà Nội", 21.0, 105.8, 30, 100),
    ("HUY", "Hưng Yên", 20.6, 106.1, 10, 67), ("TBI", "Thái Bình", 20.4, 106.3, 8, 95),
    ("NIB", "Ninh Bình", 20.3, 106.0, 8, 82), ("HNA", "Hà Nam", 20.5, 105.9, 6, 72),
    ("NDI", "Nam Định", 20.4, 106.2, 10, 100), ("THO", "Thanh Hóa", 19.8, 105.8, 27, 67),
    ("NGA", "Nghệ An", 18.7, 105.7, 21, 68), ("HAT", "Hà Tĩnh", 18.3, 105.9, 13, 79),
    ("QBI", "Quảng Bình", 17.5, 106.6, 8, 79), ("QTR", "Quảng Trị", 16.8, 107.1, 10, 0),
    ("TTH", "Thừa Thiên Huế", 16.5, 107.6, 9, 68), ("DNA", "Đà Nẵng", 16.1, 108.2, 8, 100),
    ("KON", "Kon Tum", 14.4, 108.0, 10, 0), ("QNA", "Quảng Nam", 15.6, 108.5, 18, 73),
    ("GLA", "Gia Lai", 14.0, 108.0, 17, 0), ("QNG", "Quảng Ngãi", 15.1, 108.8, 13, 68),
    ("DLA", "Đắk Lắk", 12.7, 108.0, 15, 48), ("BDI", "Bình Định", 13.8, 109.2, 11, 79),
    ("DNO", "Đắk Nông", 12.0, 107.7, 8, 0), ("PYE", "Phú Yên", 13.1, 109.3, 9, 0),
    ("BPH", "Bình Phước", 11.5, 106.9, 11, 67), ("LDO", "Lâm Đồng", 11.9, 108.4, 12, 92),
    ("KHH", "Khánh Hòa", 12.2, 109.2, 9, 84), ("TNI", "Tây Ninh", 11.3, 106.1, 9, 69),
    ("BDU", "Bình Dương", 11.0, 106.7, 9, 96), ("DON", "Đồng Nai", 10.9, 106.8, 11, 73),
    ("BTH", "Bình Thuận", 10.9, 108.1, 10, 86), ("NTH", "Ninh Thuận", 11.6, 109.0, 7, 0),
    ("ANG", "An Giang", 10.4, 105.4, 11, 86), ("DTH", "Đồng Tháp", 10.5, 105.6, 12, 84),
    ("LAN", "Long An", 10.5, 106.4, 15, 96), ("HCM", "Thành phố Hồ Chí Minh", 10.8, 106.7, 22, 67),
    ("BRV", "Bà Rịa – Vũng Tàu", 10.5, 107.2, 8, 84), ("KGI", "Kiên Giang", 10.0, 105.1, 15, 43),
    ("CTH", "Cần Thơ", 10.0, 105.8, 9, 67), ("VLO", "Vĩnh Long", 10.3, 106.0, 8, 73),
    ("TGI", "Tiền Giang", 10.4, 106.4, 11, 67), ("HGI", "Hậu Giang", 9.8, 105.5, 8, 0),
    ("TVI", "Trà Vinh", 9.9, 106.3, 9, 83), ("BTR", "Bến Tre", 10.2, 106.4, 9, 93),
    ("BLI", "Bạc Liêu", 9.3, 105.7, 7, 0), ("STR", "Sóc Trăng", 9.6, 106.0, 11, 70),
    ("CMA", "Cà Mau", 9.2, 105.2, 9, 0),
)  # fmt: skip

# what names of districts and communes are put together from
FIRST = (
    "An", "Bình", "Châu", "Đại", "Đông", "Đức", "Gia", "Hòa", "Hồng", "Hưng", "Kim", "Lâm", "Liên", "Long", "Lộc",
    "Minh", "Mỹ", "Nam", "Nghĩa", "Ngọc", "Nhơn", "Phong", "Phú", "Phước", "Sơn", "Tam", "Tân", "Tây", "Thạch", "Thái",
    "Thanh", "Thạnh", "Thuận", "Tiên", "Trung", "Trường", "Văn", "Vạn", "Vĩnh", "Xuân", "Yên",
)  # fmt: skip
SECOND = (
    "An", "Bảo", "Bình", "Châu", "Đồng", "Giang", "Hà", "Hải", "Hiệp", "Hóa", "Hòa", "Hội", "Hưng", "Khánh", "Khê",
    "Lâm", "Lập", "Lộc", "Lợi", "Lương", "Mỹ", "Nghĩa", "Ninh", "Phong", "Phú", "Phúc", "Quang", "Sơn", "Tân", "Thành",
    "Thắng", "Thịnh", "Thọ", "Thủy", "Tiến", "Trạch", "Trị", "Trung", "Vân", "Xá",
)  # fmt: skip
