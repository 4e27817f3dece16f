"""From a form of an exchange to its answer."""

from optimizer.forms.exchange.front import front_of
from optimizer.forms.exchange.reply import reply
from optimizer.forms.exchange.solved import solution_of
from optimizer.forms.shape import Json


def answer(form: Json) -> Json:
    """Return the best plan of an exchange form, and its front where one is asked for."""
    solution = solution_of(form)
    said = reply(form, solution)
    return {**said, "front": front_of(form, solution.chain)} if "front" in form else said
