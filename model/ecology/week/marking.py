"""Who is concerned: from a mark for everybody to the few who bear one.

Where few of all children or families can be concerned, a loop that asks each of them loses most of its time to
branches that no processor foresees. So they are marked first, in a loop without branches that compiles to vector
instructions, and those who bear a mark are gone through afterwards.
"""

import numpy as np

from ecology.compiled import compiled

_MARKS_OF_A_WORD = 8


@compiled
def marked(marks: np.ndarray) -> np.ndarray:
    """Return the places of the marks that are true, in order; ``marks`` is an array of booleans without gaps."""
    places = np.empty(marks.size, np.int32)
    count = 0
    words = marks[: marks.size // _MARKS_OF_A_WORD * _MARKS_OF_A_WORD].view(np.uint64)
    for word in range(words.size):
        if words[word] == 0:  # eight at once
            continue
        for place in range(_MARKS_OF_A_WORD * word, _MARKS_OF_A_WORD * (word + 1)):
            places[count] = place  # overwritten by the next one if this bears no mark
            count += int(marks[place])
    for place in range(_MARKS_OF_A_WORD * words.size, marks.size):
        places[count] = place
        count += int(marks[place])
    return places[:count]
