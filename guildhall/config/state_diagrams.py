"""Drawing the life of everything that has one, from the tables by which it lives."""

from collections.abc import Iterator

from django.apps import apps

from guildhall.kernel.models import Stateful

_HEAD = """# The lives of things

Written by `python3 run.py docs` from the tables of moves in the code; do not edit it. Every move writes the
event `noun.state`; a move that is not drawn here is refused.
"""


def stateful_models() -> Iterator[type[Stateful]]:
    """Every model with a table of moves, in the order of the floors."""
    for model in apps.get_models():
        if issubclass(model, Stateful):
            yield model


def states_page() -> str:
    """The whole page, in Markdown with Mermaid diagrams."""
    return "\n".join([_HEAD, *(_section(model) for model in stateful_models())])


def _section(model: type[Stateful]) -> str:
    meaning = (model.__doc__ or "").strip().splitlines()[0]
    lines = [f"## {model.NOUN} (`{model._meta.app_label}`)", "", meaning, "", "```mermaid", "stateDiagram-v2"]
    reached = {state for following in model.MOVES.values() for state in following}
    lines += [f"    [*] --> {state}" for state in model.MOVES if state not in reached]
    for state, following in model.MOVES.items():
        lines += [f"    {state} --> {next_state}" for next_state in sorted(following)]
        if not following:
            lines.append(f"    {state} --> [*]")
    return "\n".join([*lines, "```", ""])
