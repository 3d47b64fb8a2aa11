"""Who may come in: staff, devices, keys, and what each covers."""
