"""What an exercise is: data. The engine knows nothing about any of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from vae_lessons.exercises.misconceptions import Misconception, known, mistake
from vae_lessons.exercises.running import Runner

__all__ = ["Case", "Exercise", "Misconception", "Verdict", "apply", "known", "mistake"]


@dataclass(frozen=True)
class Verdict:
    """What `grade` found.

    Attributes
    ----------
    status : str
        "not attempted", "correct", "incorrect" or "error".
    misconception : str or None
        The name of the mistake, when the answer does exactly what that mistake does.
    message : str
        One or a few sentences to the student; never the right answer.
    case : str
        The smallest input on which the answer fails.
    yours : str
        What the answer returned there.
    printed : str
        What the answer printed there.
    """

    status: str
    misconception: str | None = None
    message: str = ""
    case: str = ""
    yours: str = ""
    printed: str = ""

    def with_output(self, printed: str) -> "Verdict":
        """Return the same verdict with what the answer printed."""
        return replace(self, printed=printed)


@dataclass(frozen=True)
class Case:
    """One input, by argument name. An `edge` case tests one special point, on which two mistakes may meet."""

    args: dict[str, Any]
    edge: bool = False


def apply(run: Runner, answer: Any, **args: Any) -> Any:
    """Probe as usual: call the answer once, with the arguments of the case in their order."""
    return run(answer, *args.values())


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    id, title, equation, chapter
        "3.1", its heading, "(3.1)", and where to read again.
    cases : function of a seed, returning a list of Case
        Generic inputs, small ones first. Seed 0 is what the answer is judged on.
    confirm : bool
        Whether a mistake is named only if the answer makes it on the inputs of seed 1 too.
    reference : answer
        A right one.
    misconceptions : tuple of Misconception
        Told apart from each other and from the reference by the cases.
    hints : tuple of str
        From a nudge to a plan.
    probe : function of (run, answer, **args)
        Turns an answer and the arguments of a case into a value, or a tuple of values; student code goes through `run`.
    parts : tuple of str
        What the values of a tuple are called.
    remarks : dict from a part to a message
        What to say, where "is wrong" says too little, about a part that matches no misconception.
    judge : function of the answer returning a Verdict, optional
        Replaces the comparison of values, for an answer that is an example.
    gradients : tuple of str
        Arguments that a gradient must reach.
    flavours : tuple of str
        Kinds of input to try: "torch", "numpy".
    atol, rtol : float
        A value v of the reference is met within atol + rtol·|v|. The usual 1e-4 nats and 1e-6 let float32 pass: it
        has about 7 digits, so that -1050 is off by up to 1e-4.
    seconds : float
        How long one case may take.
    not_negative : str
        The equation by which the value cannot be negative.
    proves : str
        What else a correct answer has been shown to do.
    shows : tuple of functions
        What the source of the reference needs, shown above it as the solution.
    """

    id: str
    title: str
    equation: str
    chapter: str
    cases: Callable[[int], list[Case]] = lambda seed: []
    confirm: bool = True
    reference: Any
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, ...]
    probe: Callable[..., Any] = apply
    parts: tuple[str, ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)
    judge: Callable[[Any], Verdict] | None = None
    gradients: tuple[str, ...] = ()
    flavours: tuple[str, ...] = ("torch", "numpy")
    atol: float = 1e-4
    rtol: float = 1e-6
    seconds: float = 5.0
    not_negative: str = ""
    proves: str = ""
    shows: tuple[Any, ...] = ()

    @property
    def see(self) -> str:
        """Where to read again."""
        return f"equation {self.equation}, {self.chapter}"
