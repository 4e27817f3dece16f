"""Problems and answers as JSON: for people and programs without arrays.

shape.py        what a form may hold: one declaration both reads a file and prints its JSON Schema
document.py     text to JSON and back, strictly
quantities.py   decimal numbers to whole units and back, once, with the resolution stated
series.py common.py    more kinds of values, and the fields that several forms have
exchange/ heat.py shares.py siting.py    one form each: its fields, its problem, its answer
kinds.py        the list of forms
"""

from optimizer.forms.kinds import KINDS, answer, explain, schema
from optimizer.forms.shape import FormError

__all__ = ["KINDS", "FormError", "answer", "explain", "schema"]
