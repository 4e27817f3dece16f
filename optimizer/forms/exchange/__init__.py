"""The form of an exchange."""

from optimizer.forms.exchange.pure import ARC, FORM, answer, exchange_of, proven_plan

__all__ = ["ARC", "FORM", "answer", "exchange_of", "proven_plan"]
