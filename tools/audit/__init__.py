"""How the API stands up to the checks that others have published; `python -m tools.audit`."""
