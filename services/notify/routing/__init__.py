"""By whom an SMS goes: priority, share and pace, and who rests for a while."""
