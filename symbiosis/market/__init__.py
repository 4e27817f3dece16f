"""What people do: list, review, ask for a run; one use-case a function."""
