"""Evidence: what is known or assumed, with its source; parameters and the profiles of authorities."""

from ecology.evidence import profiles
from ecology.evidence.parameters import GRADES, Parameter, Values, register, register_table, values
from ecology.evidence.units import per_week

__all__ = ["GRADES", "Parameter", "Values", "per_week", "profiles", "register", "register_table", "values"]
