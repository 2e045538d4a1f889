"""Everything that can be tuned, in one place."""

#: Days at the end of the data that the models do not see.
HOLDOUT_DAYS = 28

#: Demand repeats every week.
SEASON_DAYS = 7

#: How many days back the models may look.
LAGS = (1, 2, SEASON_DAYS)

#: Between these temperatures (in °C) nobody heats or cools.
COMFORT = (15.0, 21.0)

#: Readings further from the median than this many deviations are clipped.
OUTLIER_LIMIT = 5.0

#: Strength of the ridge model's regularisation.
RIDGE_PENALTY = 0.5

#: What a megawatt hour costs when it has to be bought on the day, in EUR.
PRICE_PER_MWH = 82.4
