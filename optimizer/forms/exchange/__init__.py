"""The form of an exchange.

form.py      what it may hold
ends.py      its ids, and where its arcs begin and end
read.py      a form as a chain problem, in the caller's units
pure.py      a form as a plain exchange, in whole units
solved.py    by which method it is solved
reply.py     the answer
front.py     the trade-off between two objectives
explain.py   why one demand gets what it gets
"""

from optimizer.forms.exchange.answer import answer
from optimizer.forms.exchange.explain import explain
from optimizer.forms.exchange.form import FORM
from optimizer.forms.exchange.pure import ARC, exchange_of, proven_plan

__all__ = ["ARC", "FORM", "answer", "exchange_of", "explain", "proven_plan"]
