"""What the optimizer refuses, in words.

OptimizerError
├── ProblemError            the arrays are not a problem: a shape, a type, a sign, an index, a pair given twice
│   ├── ProblemTooLargeError   a problem, but its numbers leave the range in which integers are exact
│   └── EndlessFlowError       processors in a circle where nothing limits the flow
├── SolverError             the solver gave no answer
└── NotProvenError          an answer, but its optimality could not be proven
"""


class OptimizerError(Exception):
    """Every refusal of this package; the message is for a person."""


class ProblemError(OptimizerError):
    """The arrays do not describe a problem; nothing was aligned, filled or rounded."""


class ProblemTooLargeError(ProblemError):
    """The numbers leave the range in which 64-bit integers are exact; state them in a coarser unit."""


class EndlessFlowError(ProblemError):
    """Processors stand in a circle where nothing limits the flow; `processor` is one of them."""

    def __init__(self, processor: int) -> None:
        super().__init__(f"Processor {processor} stands in a circle where nothing limits the flow; give it a capacity.")
        self.processor = processor


class SolverError(OptimizerError):
    """The solver ended without an answer."""


class NotProvenError(OptimizerError):
    """The residual network still has a gain, so the flow is not an optimum; never passed off as one."""
