"""Facts of the country: wards and their succession, phone numbers, the order and form of texts."""
