"""What an exercise is: data. The engine knows nothing about any of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vae_lessons.exercises.running import Runner


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


@dataclass(frozen=True)
class Case:
    """One input, by argument name. An `edge` case tests one special point, on which two mistakes may meet."""

    args: dict[str, Any]
    edge: bool = False


@dataclass(frozen=True, eq=False)
class Misconception:
    """A mistake with a name.

    Attributes
    ----------
    name : str
        As the verdict gives it.
    wrong : tuple of answers
        Answers that make this mistake, one for each way of making it. An answer that gives what one of them gives,
        on every case, has made it too.
    message : str
        The cause, in a sentence, with the equation's number.
    recognise : function of (values, references, cases), optional
        Replaces the comparison with `wrong`, for a mistake whose value depends on a number that the student chose.
    """

    name: str
    wrong: tuple[Any, ...]
    message: str
    recognise: Callable[[list, list, list], bool] | None = None


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
    cases : function returning a list of Case
        Generic inputs, small ones first.
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
    cases: Callable[[], list[Case]] = list
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
    not_negative: str = ""
    proves: str = ""
    shows: tuple[Any, ...] = ()

    @property
    def see(self) -> str:
        """Where to read again."""
        return f"equation {self.equation}, {self.chapter}"


def known(number: str, messages: dict[str, str]) -> tuple[Misconception, ...]:
    """Misconceptions that are mutants of an equation: from the mutant's name to the message."""
    from vae_lessons.equations import REGISTRY  # here, because it loads the checks of all chapters

    mutants = REGISTRY[number].mutants
    return tuple(Misconception(name, (mutants[name],), message) for name, message in messages.items())
