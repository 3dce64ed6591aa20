"""Evidence: what is known or assumed, with its source; parameters and the profiles of authorities."""

from ecology.evidence import profiles
from ecology.evidence.parameters import GRADES, Parameter, register, register_table, values
from ecology.evidence.units import per_week

__all__ = ["GRADES", "Parameter", "per_week", "profiles", "register", "register_table", "values"]
