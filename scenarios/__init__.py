"""Named scenarios and pressures as data (TOML), and short scripts that a researcher copies."""
