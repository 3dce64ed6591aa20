"""Types of columns: a table class names one for each of its columns."""

from typing import Annotated, Any

import numpy as np

I1 = Annotated[Any, np.int8]
I2 = Annotated[Any, np.int16]
I4 = Annotated[Any, np.int32]
I8 = Annotated[Any, np.int64]
F4 = Annotated[Any, np.float32]
F8 = Annotated[Any, np.float64]
Parameters = Any
"""A NumPy record with a float64 field for each parameter: ``p.hours_assessment`` (see ``evidence.values``)."""
Settings = Any
"""A NumPy record with a float64 field for each setting of this week: ``now.threshold_plan`` (see ``settings``)."""
