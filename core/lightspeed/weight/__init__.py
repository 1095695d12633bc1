"""Maximum-likelihood fluxes of faint sources: trap model, likelihood of counts, Newton steps."""
