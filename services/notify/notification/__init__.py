"""One SMS: its states, its transitions and the policy that judges it; pure."""
