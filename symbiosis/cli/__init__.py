"""Commands: a use-case each, with a help text; they translate and delegate."""
